/* What the parts of the fake host share: fake_host.c (start, memory, time, idling), fake_files.c, fake_trap.c. */
#ifndef UMK_TESTS_FAKE_HOST_H
#define UMK_TESTS_FAKE_HOST_H

/* Each tells the kernel what has happened: of requests that wait, watched descriptors, guests. How much that was. */
unsigned fake_requests_upcalls(void);
unsigned fake_watches_upcalls(void);
unsigned fake_trap_upcalls(void);

/* The upcalls live in the kernel's archive; a test whose part of the kernel has none of them links without. */
void host_complete_upcall(struct host_req *req) __attribute__((weak));
void host_ready_upcall(void *cookie, u32 ready) __attribute__((weak));
void host_signal_upcall(int signo) __attribute__((weak));
void trap_event_upcall(void *cookie) __attribute__((weak));

#endif
