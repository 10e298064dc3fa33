#!/bin/bash
# libpng 1.6.39 as Debian 12 ships it: png_image_finish_read, the simplified reader, gives other pixels for
# a picture of 16 bits a channel when it is stored interlaced, and answers success. The row reader
# (png_read_image with png_set_scale_16) reads both alike. pnggroup/libpng, issue 853.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=1.6.39-2+deb12u6
(cd "$folder" && apt-get download -qq "libpng16-16=$version" "libpng-dev=$version" >/dev/null)
for package in "$folder"/*.deb; do dpkg -x "$package" "$folder"; done
libraries=$folder/usr/lib/$(gcc -dumpmachine)
cat >"$folder/read.c" <<'EOF'
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 16 };

/* A grey ramp of 16 bits, written as rows. */
static void save(const char *path, int interlace) {
  FILE *file = fopen(path, "wb");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, 0, 0, 0);
  png_infop info = png_create_info_struct(png);
  png_byte numbers[SIZE][2 * SIZE];
  png_bytep rows[SIZE];
  for (int y = 0; y < SIZE; y++) {
    rows[y] = numbers[y];
    for (int x = 0; x < SIZE; x++) {
      numbers[y][2 * x] = numbers[y][2 * x + 1] = (png_byte)(y * SIZE + x);
    }
  }
  png_init_io(png, file);
  png_set_IHDR(png, info, SIZE, SIZE, 16, PNG_COLOR_TYPE_GRAY, interlace, 0, 0);
  png_write_info(png, info);
  png_write_image(png, rows);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  fclose(file);
}

/* By the simplified reader, as 8-bit RGB. */
static void simple(const char *path, png_byte *pixels) {
  png_image image = {.version = PNG_IMAGE_VERSION};
  if (!png_image_begin_read_from_file(&image, path)) exit(2);
  image.format = PNG_FORMAT_RGB;
  if (!png_image_finish_read(&image, 0, pixels, 0, 0)) exit(2);
}

/* By rows. */
static void plain(const char *path, png_byte *pixels) {
  FILE *file = fopen(path, "rb");
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, 0, 0, 0);
  png_infop info = png_create_info_struct(png);
  png_bytep rows[SIZE];
  png_init_io(png, file);
  png_read_info(png, info);
  png_set_scale_16(png);
  png_set_gray_to_rgb(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  for (int y = 0; y < SIZE; y++) rows[y] = pixels + y * SIZE * 3;
  png_read_image(png, rows);
  png_destroy_read_struct(&png, &info, 0);
  fclose(file);
}

int main(void) {
  static png_byte found[4][SIZE * SIZE * 3];
  save("plain.png", PNG_INTERLACE_NONE);
  save("interlaced.png", PNG_INTERLACE_ADAM7);
  simple("plain.png", found[0]);
  simple("interlaced.png", found[1]);
  plain("plain.png", found[2]);
  plain("interlaced.png", found[3]);
  int rows = 0, most = 0;
  for (int y = 0; y < SIZE; y++) {
    int differs = 0;
    for (int i = y * SIZE * 3; i < (y + 1) * SIZE * 3; i++) {
      int gap = abs(found[0][i] - found[1][i]);
      if (gap) differs = 1;
      if (gap > most) most = gap;
    }
    rows += differs;
  }
  int same = !memcmp(found[2], found[3], sizeof found[2]);
  printf("libpng %s\n", png_get_libpng_ver(0));
  printf("simplified reader: %d of %d rows differ when interlaced, by up to %d levels\n", rows, SIZE, most);
  printf("row reader: %s\n", same ? "no row differs" : "rows differ");
  return !(rows > 0 && most > 20 && same);
}
EOF
cd "$folder"
gcc -O1 -I "$folder/usr/include" read.c "$libraries/libpng16.so" -lz -lm -o read
LD_LIBRARY_PATH=$libraries ./read
