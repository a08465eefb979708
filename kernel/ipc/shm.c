#include "ipc.h"
void shm_show(struct seq *s, const struct proc_ctx *c __maybe_unused) { seq_puts(s, ""); }
void shm_init(void) {}
void shm_exit(void) {}
