// Reading TIFF files from memory: libtiff's functions for fields take any number of arguments,
// which Swift's calls cannot.
#ifndef BLITZ_CTIFF_H
#define BLITZ_CTIFF_H

#include <string.h>
#include <tiffio.h>

// A file in memory, and what is in it.
typedef struct {
  const unsigned char *bytes;
  size_t size, place;
  uint32_t width, height;
  int isGrey;
} blz_tiff;

static inline tmsize_t blz_tiff_take(thandle_t handle, void *to, tmsize_t count) {
  blz_tiff *file = (blz_tiff *)handle;
  size_t rest = file->size - file->place, size = (size_t)count < rest ? (size_t)count : rest;
  memcpy(to, file->bytes + file->place, size);
  file->place += size;
  return (tmsize_t)size;
}

static inline tmsize_t blz_tiff_refuse(thandle_t handle, void *from, tmsize_t count) {
  (void)handle;
  (void)from;
  (void)count;
  return 0;
}

static inline toff_t blz_tiff_seek(thandle_t handle, toff_t offset, int from) {
  blz_tiff *file = (blz_tiff *)handle;
  toff_t place = offset;
  if (from == SEEK_CUR) place += file->place;
  if (from == SEEK_END) place += file->size;
  file->place = place < file->size ? (size_t)place : file->size;
  return file->place;
}

static inline int blz_tiff_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static inline toff_t blz_tiff_size(thandle_t handle) { return ((blz_tiff *)handle)->size; }

// Sets the size of the first picture and, unless `pixels` is null, writes its pixels: red, green,
// blue and alpha, colours multiplied by alpha. No piece of more than `limit` bytes is allocated.
// Returns 1, or 0 if libtiff cannot.
static inline int blz_tiff_read(blz_tiff *file, uint32_t *pixels, tmsize_t limit) {
  TIFFSetErrorHandler(0);
  TIFFSetWarningHandler(0);
  file->place = 0;
#if TIFFLIB_VERSION >= 20221213
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, limit);
  TIFF *tiff = TIFFClientOpenExt(
    "memory", "rm", (thandle_t)file, blz_tiff_take, blz_tiff_refuse, blz_tiff_seek,
    blz_tiff_close, blz_tiff_size, 0, 0, options);
  TIFFOpenOptionsFree(options);
#else
  (void)limit;
  TIFF *tiff = TIFFClientOpen(
    "memory", "rm", (thandle_t)file, blz_tiff_take, blz_tiff_refuse, blz_tiff_seek,
    blz_tiff_close, blz_tiff_size, 0, 0);
#endif
  if (!tiff) return 0;
  char message[1024];
  uint16_t kind = 0;
  int isRead = TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &file->width)
    && TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &file->height)
    && TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &kind) && TIFFRGBAImageOK(tiff, message);
  file->isGrey = kind == PHOTOMETRIC_MINISBLACK || kind == PHOTOMETRIC_MINISWHITE;
  if (isRead && pixels)
    isRead = TIFFReadRGBAImageOriented(
      tiff, file->width, file->height, pixels, ORIENTATION_TOPLEFT, 1);
  TIFFClose(tiff);
  return isRead;
}

#endif
