/* The waist between the kernel and the trap backends (um/): how guests run.
 *
 * A trap_mm is one host address space that holds guest mappings and the stub; a trap_task is one host thread in
 * it. Both are opaque to the kernel. All functions are called on the kernel thread. Unless told otherwise they do
 * not sleep in the emulated sense (no schedule()) and bound their host waits.
 *
 * Life of a task:  mm_create/task_create -> PARKED; resume -> RUNNING; an event -> PARKED; ... task_destroy.
 * While RUNNING the task's pt_regs belong to the backend; while PARKED to the kernel. */
#ifndef UMK_TRAP_H
#define UMK_TRAP_H

#include "types.h"
#include "ptrace.h"

struct trap_mm;
struct trap_task;

enum trap_event_kind {
	TRAP_NONE,      /* still running, or never resumed */
	TRAP_SYSCALL,   /* regs->orig_ax = number, regs->ax = -ENOSYS, regs->ip behind the instruction */
	TRAP_FAULT,     /* a host signal from an instruction: see trap_event */
	TRAP_INTERRUPT, /* interrupt() took effect; regs are those of the interrupted instruction, orig_ax = -1 */
	TRAP_DIED,      /* the host thread is gone (killed from outside, or a hostile guest broke its stub) */
};

struct trap_event {
	enum trap_event_kind kind;
	int signo;      /* TRAP_FAULT: SIGSEGV SIGBUS SIGILL SIGFPE SIGTRAP; TRAP_DIED: the signal that killed it */
	int code;       /* TRAP_FAULT: the host's si_code */
	u64 addr;       /* TRAP_FAULT: si_addr */
	u64 trapno;     /* TRAP_FAULT: x86 vector (14 = page fault) */
	u64 error_code; /* TRAP_FAULT: x86 page-fault error code: 1 present, 2 write, 4 user, 16 fetch */
	u32 site;       /* TRAP_SYSCALL: 1 + index of the rewritten site it came from, 0 for a trapped instruction */
	u32 arch_i386;  /* TRAP_SYSCALL: made by int $0x80 (regs hold the i386 arguments) */
};

/* Bits of prot in map/protect are PROT_READ, PROT_WRITE, PROT_EXEC of mman.h. */
struct trap_ops {
	const char *name;

	/* A new empty address space with one PARKED task in it, whose registers are those of a new program. @cookie is handed to
	 * trap_event_upcall. The backend may keep the host's side of address spaces that ended for later ones; @program is a number that
	 * says what will run: one that ended with the same number shows most of it already. 0: one where no guest has been. 0, or -EAGAIN/-ENOMEM. */
	int (*mm_create)(struct trap_mm **mm, struct trap_task **first, void *cookie, u64 program);
	/* Is there one that ran @program last? May be NULL: nothing is kept. */
	bool (*mm_kept)(u64 program);
	/* Kills and reaps what is left of the address space, or keeps it for the next one unless @program, what ran in it, is 0. All its
	 * tasks must have been destroyed before. */
	void (*mm_destroy)(struct trap_mm *mm, u64 program);

	/* One more PARKED task in @mm, made by @creator, a PARKED task of @mm (its stub makes the host call). */
	int (*task_create)(struct trap_task **t, struct trap_mm *mm, struct trap_task *creator, void *cookie);
	/* Kills (SIGKILL) and reaps the host thread, whatever it is doing, or keeps it where it can never run guest code of this
	 * address space again. Never fails. */
	void (*task_destroy)(struct trap_task *t);
	/* execve: a task that is alone in its address space keeps its mm and thread, unmapped and reset by the operations
	 * below; otherwise the kernel makes a new mm and task and destroys the old ones. */

	/* Runs the guest with *@regs. Returns at once; the next event comes by upcall, and its registers have then
	 * been copied into the same *@regs, which must stay valid. Queued memory operations of the mm are done
	 * first. If regs->orig_ax is not -1 this is the return of a system call and cx/r11 are free to the backend
	 * (they get ip and flags, as the syscall instruction does); with orig_ax == -1 every register is exact. */
	void (*resume)(struct trap_task *t, struct pt_regs *regs);
	/* The event that parked @t. Valid until the next resume. */
	const struct trap_event *(*event)(struct trap_task *t);
	/* Tells the stub of a PARKED task that its answer will take long, so that it sleeps instead of spinning. */
	void (*will_block)(struct trap_task *t);
	/* Makes a RUNNING task report soon (TRAP_INTERRUPT, or whatever event comes first). Returns at once. A task
	 * that does not answer within a bounded time is killed and reports TRAP_DIED. No-op if PARKED. */
	void (*interrupt)(struct trap_task *t);

	/* Extended state in XSAVE format (the kernel's xsave_size() bytes, header included), PARKED tasks only.
	 * set_fp validates nothing: the caller has checked the header (see kernel/signal/sigframe.c). 0 or -EIO (task died). */
	int (*get_fp)(struct trap_task *t, void *xsave);
	int (*set_fp)(struct trap_task *t, const void *xsave);
	/* Segment bases, PARKED only. Setting takes effect at the next resume. */
	int (*get_bases)(struct trap_task *t, u64 *fs, u64 *gs);
	int (*set_bases)(struct trap_task *t, u64 fs, u64 gs);
	/* The host thread may run on these host CPUs (bit i of mask[i/64]); @words 64-bit words. 0 or -errno. */
	int (*set_affinity)(struct trap_task *t, const u64 *mask, unsigned words);
	/* The host's scheduling policy (SCHED_NORMAL, SCHED_BATCH, SCHED_IDLE) and nice value for the host thread. 0, or
	 * -errno: the host refuses. May be NULL: there is no such thing. */
	int (*set_sched)(struct trap_task *t, int policy, int nice);
	/* CPU time in ns that the guest has used in @t, without the stub's spinning where that can be told. */
	u64 (*cpu_time)(struct trap_task *t);
	/* The host CPU on which @t last ran, or -errno. May be NULL: not known. */
	int (*cpu)(struct trap_task *t);

	/* Memory operations: queued in order per mm, done at the latest by the next resume of any of its tasks.
	 * Addresses and sizes are page-aligned and outside the reserved ranges.
	 * map: [addr,+size) shows physmem bytes from @phys. @populate asks for the host's page tables to be filled.
	 * The host's mappings are only a cache: the backend may drop any of them at any time (the host allows
	 * 65,530 a process); the guest then faults and the kernel maps again. */
	void (*map)(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate);
	/* [addr,+size) shows the bytes from @offset on of the host file that @fd has open, in place of what was there. @prot without
	 * PROT_WRITE. *@id is what the backend knows the file by, 0 at first; @fd is looked at when it does not know it (any more).
	 * False: it cannot, nothing is queued. May be NULL: it never can. What the host then refuses shows nothing, and faults. */
	bool (*map_file)(struct trap_mm *mm, u64 addr, u64 size, int prot, int fd, u32 *id, u64 offset);
	/* The file known by @id is not to be held any longer; what shows it stays. */
	void (*forget_file)(u32 id);
	void (*unmap)(struct trap_mm *mm, u64 addr, u64 size);
	void (*protect)(struct trap_mm *mm, u64 addr, u64 size, int prot);
	/* Returns when no guest instruction of @mm can any longer use what the queued operations take away. At once
	 * if no task of @mm is RUNNING (the queue is then carried by the next resume); otherwise a parked or
	 * interrupted task does the work now, acknowledged. Call it before a frame is shared, reused or freed. */
	void (*flush)(struct trap_mm *mm);
	/* Number of tasks of @mm that are RUNNING. */
	unsigned (*running)(struct trap_mm *mm);

	/* Call-site rewriting; NULL where the backend has none. rewrite_thunk writes into @buf the code of the thunk
	 * for site @index whose syscall returns to @ret, for a thunk that will lie at @thunk. Returns its size
	 * (<= TRAP_THUNK_SIZE). */
	unsigned (*rewrite_thunk)(void *buf, u64 thunk, u32 index, u64 ret);
};
#define TRAP_THUNK_SIZE 32

/* Chosen at start by um/main.c; constant afterwards. */
extern const struct trap_ops *trap;

/* Address ranges of every guest address space that are not the guest's: the stub, and the host's vdso/vvar. */
struct trap_layout {
	u64 stub_start, stub_end;
	u64 vvar_start, vvar_end; /* 0,0 if the host has none */
	u64 vdso_start, vdso_end;
	const u8 *vdso_image;     /* the same bytes in umk itself */
	u64 task_size;            /* guest addresses end here (exclusive), below stub and vdso */
	u32 xsave_size;           /* bytes of the extended state area for XCR0 */
	u64 xfeatures;            /* XCR0 */
	bool can_rewrite;         /* FSGSBASE and the rest of what the trampoline needs */
};
extern struct trap_layout trap_layout;

/* Upcall, implemented by the kernel: the task with this cookie has an event, or died while it was PARKED (TRAP_DIED). Comes
 * only from within host_idle() and host_poll(). */
void trap_event_upcall(void *cookie);

#endif
