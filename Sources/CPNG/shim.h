// Reading PNG files row by row. libpng ends a call that fails with longjmp, which Swift does not
// have, so that the calls are made here.
//
// Not by libpng's simplified reader: it applies gAMA, blends in linear light, and gets every
// second row of 16-bit interlaced files wrong (pnggroup/libpng issue 853).
#ifndef BLITZ_CPNG_H
#define BLITZ_CPNG_H

#include <png.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

// A file in memory, and what is in it.
typedef struct {
  const unsigned char *bytes;
  size_t size, place;
  uint32_t width, height;
  int channels;  // 1 grey, 2 grey and alpha, 3 red, green and blue, 4 these and alpha
  char message[96];
} blz_png;

static inline void blz_png_fail(png_structp png, png_const_charp message) {
  blz_png *file = (blz_png *)png_get_error_ptr(png);
  strncpy(file->message, message, sizeof file->message - 1);
  png_longjmp(png, 1);
}

static inline void blz_png_ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static inline void blz_png_take(png_structp png, png_bytep to, size_t count) {
  blz_png *file = (blz_png *)png_get_io_ptr(png);
  if (count > file->size - file->place) png_error(png, "the file ends too early");
  memcpy(to, file->bytes + file->place, count);
  file->place += count;
}

// Sets the size and the channels and, unless `pixels` is null, writes the pixels, 8 bits a channel
// and the high ones of 16, rows and channels without gaps. Returns 1, or 0 and the message.
static inline int blz_png_read(blz_png *file, unsigned char *pixels) {
  file->place = 0;
  png_structp png
    = png_create_read_struct(PNG_LIBPNG_VER_STRING, file, blz_png_fail, blz_png_ignore);
  if (!png) return 0;
  png_infop info = png_create_info_struct(png);
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, 0);
    return 0;
  }
  png_set_read_fn(png, file, blz_png_take);
  png_read_info(png, info);
  png_set_expand(png);  // palettes to colours, few bits to 8, a transparent colour to alpha
  png_set_strip_16(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  file->width = png_get_image_width(png, info);
  file->height = png_get_image_height(png, info);
  file->channels = png_get_channels(png, info);
  size_t length = png_get_rowbytes(png, info);
  for (int pass = 0; pixels && pass < passes; pass++)
    for (uint32_t row = 0; row < file->height; row++)
      png_read_row(png, pixels + row * length, 0);
  png_destroy_read_struct(&png, &info, 0);
  return 1;
}

#endif
