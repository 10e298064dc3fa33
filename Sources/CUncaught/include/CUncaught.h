// What a program does with an error that leaves its main.swift or `@main`.
#ifndef CUNCAUGHT_H
#define CUNCAUGHT_H

// Prints a Swift error to standard error, and ends the process with exit code 1: in Blitz.
void blz_end_with(void *error);

#endif
