/* Internal to the stub image. */
#ifndef UMK_STUB_INTERNAL_H
#define UMK_STUB_INTERNAL_H

#include "../stub.h"

/* Hidden, so that addresses are plain and no GOT is needed. */
#pragma GCC visibility push(hidden)

/* entry.S */
long stub_syscall(long nr, long a1, long a2, long a3, long a4, long a5, long a6);
long stub_clone(unsigned long flags, u64 area);
void __noreturn stub_thread_start(u64 area);
void stub_handler(void);
void stub_restorer(void);
extern const char stub_exit[], stub_exit_end[], stub_kicked[], stub_miss[], stub_site_entry[];

/* stub.c: once in the zygote; children and threads inherit the dispositions. 0 or -errno. */
long stub_install_handlers(void);

#pragma GCC visibility pop

#endif
