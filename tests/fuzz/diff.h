/* What the operations of the differential fuzzer share. A sequence is a list of steps; what a step does follows from the
 * sequence's seed and the step's place alone, so that steps can be dropped without changing the others. */
#ifndef DIFF_H
#define DIFF_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define PAGE 4096ul
#define ARENA 0x200000000ul     /* what the operations on memory map, unmap and touch */
#define ARENA_PAGES 64
#define BAD_PTR ((void *)16)

struct op {
	const char *name;
	void (*run)(void);
	unsigned weight;
};

extern const struct op file_ops[], fd_ops[], mem_ops[], proc_ops[], signal_ops[], time_ops[], socket_ops[], inet_ops[], tty_ops[],
	msg_ops[], sockopt_ops[];

/* A number below @n, from the step's own stream. */
unsigned R(unsigned n);
bool chance(unsigned percent);
#define PICK(array) ((array)[R(sizeof(array) / sizeof((array)[0]))])

/* Appends to the log of the sequence, which outlives the process. */
void out(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* "= 3" or "= ENOENT", and a new line; @r as the C library returns it. Returns @r. */
long result(long r);
uint32_t hash(const void *data, size_t size);

/* Arguments; each logs what it has chosen. */
long a_value(const long *values, unsigned n);
#define VALUE(...) a_value((const long[]){ __VA_ARGS__ }, sizeof((const long[]){ __VA_ARGS__ }) / sizeof(long))
int an_fd(void);
const char *a_name(void);
size_t a_size(void);
/* A buffer of 128 KiB of bytes that follow from the step. */
char *a_buffer(void);
int a_signal(void);
/* A child that ends when its parent does and has the default action for each signal: as fork(2). */
pid_t fork_child(void);

/* The state that is left, in words. */
void state_fds(void);
void state_memory(void);
void state_signals(void);
void state_process(void);

void signals_init(void);
void memory_init(void);
void tty_init(void);
void net_init(void);

#endif
