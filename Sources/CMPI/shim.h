// The few calls of MPI that Blitz makes, of Open MPI or another implementation, as functions: the
// names that MPI gives to its types and communicators are macros, which Swift does not see.
#ifndef BLITZ_CMPI_H
#define BLITZ_CMPI_H

#if __has_include(<mpi.h>)
#include <mpi.h>
#else
#include <mpi/mpi.h>  // where Debian puts it
#endif

// Each returns MPI's error code, 0 for success.

static inline int blz_mpi_start(int *process, int *count) {
  int status = MPI_Init(0, 0);
  // Errors come back to the caller instead of ending the program.
  if (!status) status = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  if (!status) status = MPI_Comm_rank(MPI_COMM_WORLD, process);
  return status ? status : MPI_Comm_size(MPI_COMM_WORLD, count);
}

static inline int blz_mpi_sum(float *numbers, int count) {
  return MPI_Allreduce(MPI_IN_PLACE, numbers, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
}

static inline int blz_mpi_end(void) { return MPI_Finalize(); }

// The text of an error code; `text` has room for 1024 characters.
static inline void blz_mpi_error(int status, char *text) {
  _Static_assert(MPI_MAX_ERROR_STRING <= 1024, "room for the text");
  int length = 0;
  text[0] = 0;
  MPI_Error_string(status, text, &length);
}

#endif
