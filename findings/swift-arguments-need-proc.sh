#!/bin/bash
# Swift on Linux: where /proc is not mounted, as in an empty root folder, CommandLine has no arguments at all, not
# even the program's name, and nothing says so; main() of a C program gets them as ever. The runtime reads
# /proc/self/cmdline and not what main() was given. Seen with Swift 6.3.1; needs the toolchain, and user namespaces.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
swift --version 2>&1 | grep -o 'Swift version 6.3.1'
echo 'print(CommandLine.argc, CommandLine.arguments.count)' >swift.swift
swiftc -static-stdlib swift.swift -o swift-program
printf '#include <stdio.h>\nint main(int argc, char **argv) { printf("%%d %%s\\n", argc, argv[1]); }\n' >c.c
clang c.c -o c-program
for program in swift-program c-program; do
  install -D $program root/$program
  for library in $(ldd $program | grep -o '/[^ ]*'); do install -D "$library" "root$library"; done
done
with=$(./swift-program one two)
without=$(unshare --map-root-user --root=root /swift-program one two)
c=$(unshare --map-root-user --root=root /c-program one two)
echo "Swift, arguments with /proc: $with"
echo "Swift, arguments without it: $without"
echo "C without it: $c"
[[ $with == "3 3" && $without == "0 0" && $c == "3 one" ]]
