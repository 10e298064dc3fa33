// SourceKit, the part of the compiler that answers editors: loaded at run time.
#pragma once

/// Loads the library at `path`; 0, or -1 if it is not there.
int sourcekit_open(const char *path);

/// Sends a request, written in YAML, and answers its JSON, which the caller frees; NULL if the
/// request failed.
char *sourcekit_ask(const char *request);
