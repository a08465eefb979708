/* The waist between the kernel and the host (um/): memory, time, host files, terminals, idling.
 *
 * Called on the kernel thread only. Errors are negative errno values with Linux's numbers. Functions ending in
 * _upcall are implemented by the kernel and come only from within host_idle() and host_poll(), or where they say. */
#ifndef UMK_HOST_H
#define UMK_HOST_H

#include "types.h"

/* ---- facts, constant after start ---- */
struct host_info {
	u8 *physmem;        /* the kernel's mapping of guest memory, page-aligned */
	u64 physmem_size;   /* bytes, a multiple of 2 MiB where there is room */
	bool physmem_huge;  /* the host gives it memory by 2 MiB, and takes less than that back only at a high price */
	u8 *arena;          /* address space for kernel objects, zero-filled on first touch */
	u64 arena_size;     /* bytes */
	unsigned cpus;      /* host CPUs that umk may use */
	u64 cpu_mask[16];   /* which ones */
	u64 clk_tck;        /* 100 */
	const char *kernel_version; /* release that uname shows */
	const char *nodename;  /* the host's name, or NULL */
	u32 hwcap, hwcap2;  /* AT_HWCAP, AT_HWCAP2 of the host */
	u32 minsigstksz;    /* AT_MINSIGSTKSZ of the host */
	bool sanitized;     /* built with a sanitizer: kmalloc goes to host_malloc */
	bool virtual_time;  /* the clocks jump: guests must ask umk, not the host's vDSO */
};
extern struct host_info host_info;

/* ---- what the command line asked of the kernel ---- */
struct umk_options {
	const char *program;      /* as typed; the kernel searches PATH as execvp does */
	char *const *argv;        /* NULL-terminated, argv[0] is what the guest sees */
	char *const *envp;        /* NULL-terminated */
	const char *root;         /* host directory that is the guest's /, or NULL for the host's own */
	bool overlay;             /* --overlay: what guests change stays in memory */
	u32 nbinds;               /* --bind, in order */
	struct umk_bind { const char *host, *guest; bool readonly; } binds[32]; /* guest NULL: the same path */
	const char *cwd;          /* guest's first working directory, or NULL for umk's own */
	const char *hostname;     /* or NULL for the host's */
	const char *core;         /* --core: host directory for core files, or NULL */
	bool strace;              /* --strace */
	const char *strace_expr;  /* --strace=EXPR, or NULL: every call */
	bool rewrite;             /* --rewrite=on */
	bool linger;              /* --linger: do not end with the first program while others run */
	bool stats;               /* --stats: report the ledger at exit */
	bool strict;              /* --strict */
	bool test_faults;         /* --test-faults: guests may make the kernel fail */
	int verbose;              /* -v */
	u64 seed;                 /* --seed, 0 if none */
	bool pcap;                /* --pcap: packets go to host_capture */
	u32 nhost_unix;
	const char *host_unix[8]; /* --host-unix: directories of the host, absolute, without symbolic links */
	u32 nnetem;
	const char *netem[8];     /* --netem=TEXT, as typed */
	u32 uid, gid;             /* the user umk runs as on the host */
	u32 ngroups;
	u32 groups[64];
	struct { u64 permitted, effective, inheritable, bset, ambient; u32 securebits; } caps; /* umk's on the host */
	bool no_new_privs;        /* of umk on the host */
	u32 umask;
	int nice;                 /* umk's nice value at start */
	u32 ninherited;           /* open descriptors above 2 that umk was started with; the kernel owns them */
	s32 inherited[64];        /* ascending */
	u64 sig_ignored;          /* bit n-1: signal n was ignored when umk was started */
	struct { u64 cur, max; } rlimit[16]; /* host's limits at start, before umk raised any; indexed by RLIMIT_* */
};
extern struct umk_options umk_options;

/* The kernel's entry, on the kernel thread, after the host side is ready. Does not return: ends in host_exit(). */
void __attribute__((noreturn)) kernel_main(void);
/* Ends umk: kills the stubs, restores the terminal, exits with @status (0..255), or dies of @signo if not 0. */
void __attribute__((noreturn)) host_exit(int status, int signo);
/* Waits until the trap backend can make guests, which it prepares while the kernel starts: once, before the first trap call.
 * Ends umk, with a message, where there can be none. */
void host_guests_ready(void);
/* A bug in umk itself: message and kernel backtrace to standard error, then exit 125. */
void __attribute__((noreturn)) host_panic(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Prints the kernel's own call chain (libunwind) to standard error; while a fault is handled that of the fault. */
void host_backtrace(void);
/* Prints the registers of the fault that is being handled. */
void host_fault_registers(void);
/* Calls @frame for each function of a call chain, innermost first, until it returns false. @ksp: the stack pointer that
 * switch_stack() saved, or NULL for the chain of the caller. @name is "" if unknown. */
void host_walk_stack(void *ksp, bool (*frame)(void *ctx, u64 ip, const char *name, u64 offset), void *ctx);
/* umk's own code on the kernel thread has faulted: @what says how. The kernel reports it and says where the thread goes on: the
 * stack pointer at which *@go_on, which does not return, is to be called; or NULL: umk ends. */
void *host_fault_upcall(const char *what, void (**go_on)(void));

/* Walks a guest's call chain (libunwind): registers and memory are the kernel's to show. The functions may sleep. */
struct host_unwind {
	u64 regs[17]; /* by DWARF's numbers: ax dx cx bx si di bp sp r8 to r15 ip */
	bool (*read)(struct host_unwind *u, u64 addr, void *to, size_t size);
	/* The address at which the ELF file behind @ip begins, and the area [*start, *end) that @ip is in. 0: no file. */
	u64 (*object)(struct host_unwind *u, u64 ip, u64 *start, u64 *end);
	/* The section @name of that file in guest memory. False: it has none that is loaded. */
	bool (*section)(struct host_unwind *u, u64 ip, const char *name, u64 *addr, u64 *size);
	bool (*frame)(struct host_unwind *u, u64 ip); /* the next frame, innermost first; false: enough */
};
void host_unwind(struct host_unwind *u);

/* ---- memory ---- */
/* Gives frames [off,+size) of physmem back to the host; they read as zeroes afterwards. Page-aligned bytes. */
void host_physmem_discard(u64 off, u64 size);
/* Gives arena pages back likewise. */
void host_arena_discard(void *p, u64 size);
/* A kernel stack of @size bytes (multiple of 4096) with a guard page below, or NULL. Returns the lowest byte. */
void *host_stack_alloc(size_t size);
void host_stack_free(void *stack, size_t size);
/* Sanitizer builds only: the real malloc, so that the sanitizer sees every kernel object. */
void *host_malloc(size_t size, size_t align);
void host_free(void *p);

/* Every thread of umk's stubs that runs executes a memory barrier, before it returns. 0, or -errno: the host cannot. */
int host_membarrier(void);

/* ---- time ---- */
enum host_clock { HOST_MONOTONIC, HOST_REALTIME, HOST_BOOTTIME, HOST_TAI, HOST_MONOTONIC_RAW, HOST_REALTIME_COARSE,
	HOST_MONOTONIC_COARSE, HOST_KERNEL_CPU /* CPU time of umk's kernel thread */ };
u64 host_clock(enum host_clock which); /* ns */
/* @size random bytes. Seeded and repeatable when --seed was given. */
void host_random(void *buf, size_t size);

/* ---- idling ---- */
#define HOST_FOREVER (~0ull)
/* Nothing is runnable: waits for guest events, completed requests, ready descriptors, host signals, or until
 * HOST_MONOTONIC reaches @deadline ns, makes the upcalls, and returns after at least one or at the deadline. Spins for a
 * bounded time first where that pays. Idle means no CPU time. */
void host_idle(u64 deadline);
/* The same without waiting. Cheap: called at reschedule points and between runnable tasks. */
void host_poll(void);

/* ---- host files ---- */
/* fds below are host descriptors of umk's process; no guest can use or see them. Paths are host paths, relative to
 * dirfd (HOST_AT_FDCWD: umk's own working directory). Structures and buffers belong to the caller until completion. */
#define HOST_AT_FDCWD (-100)
struct host_stat { /* all in Linux's units */
	u64 dev, ino, nlink, rdev, size, blocks;
	u32 mode, uid, gid, blksize;
	struct { s64 sec; u32 nsec; } atime, mtime, ctime, btime;
	u64 attributes, attributes_mask, mnt_id;
	u32 dio_mem_align, dio_offset_align; /* of O_DIRECT: bytes, 0: unknown, or none */
};
struct host_iovec { /* struct iovec */
	void *base;
	u64 size;
};
struct host_statfs {
	u64 type, bsize, blocks, bfree, bavail, files, ffree, fsid, namelen, frsize, flags;
};
#define HOST_HANDLE_SIZE 128
struct host_handle { /* struct file_handle, open_by_handle_at(2) */
	u32 bytes;
	s32 type;
	u8 data[HOST_HANDLE_SIZE];
};
enum host_op {
	HOST_OPEN,      /* fd path flags mode -> descriptor (O_CLOEXEC always added) */
	HOST_CLOSE,     /* fd */
	HOST_PREAD,     /* fd buf size offset -> bytes */
	HOST_PWRITE,    /* fd buf size offset -> bytes; offset -1: at the end (append) */
	HOST_PREADV,    /* fd buf(struct host_iovec) size(how many) offset -> bytes; offset -1: where the descriptor is */
	HOST_PWRITEV,   /* likewise; flags 1: at the end */
	HOST_READ,      /* fd buf size -> bytes: streams and terminals; may block for ever */
	HOST_WRITE,     /* fd buf size -> bytes: likewise */
	HOST_STAT,      /* fd path flags(AT_*) stat */
	HOST_STATFS,    /* fd statfs */
	HOST_READLINK,  /* fd path buf size -> length */
	HOST_GETDENTS,  /* fd buf size offset flags -> bytes of struct linux_dirent64; seeks to offset first unless flags is 1 */
	HOST_LSEEK,     /* fd offset flags(whence) -> position */
	HOST_TRUNCATE,  /* fd size */
	HOST_FALLOCATE, /* fd flags(mode) offset size */
	HOST_FIEMAP,    /* fd buf(struct fiemap with room for the extents that it asks for) */
	HOST_FILEATTR,  /* fd flags(FS_IOC_GETFLAGS, SETFLAGS, FSGETXATTR, FSSETXATTR) buf(u32 or struct fsxattr) */
	HOST_FSYNC,     /* fd flags: 1 = data only, 2 = the whole file system */
	HOST_MKDIR,     /* fd path mode */
	HOST_UNLINK,    /* fd path flags(AT_REMOVEDIR) */
	HOST_RENAME,    /* fd path fd2 path2 flags */
	HOST_LINK,      /* fd path fd2 path2 flags */
	HOST_SYMLINK,   /* path2(target) fd path */
	HOST_MKNOD,     /* fd path mode rdev(offset): FIFO and sockets as plain umk objects, S_IFREG */
	HOST_CHMOD,     /* fd path mode flags */
	HOST_CHOWN,     /* fd path uid(size) gid(offset) flags */
	HOST_UTIMENS,   /* fd path buf(two struct timespec) flags; path NULL: the fd itself */
	HOST_ACCESS,    /* fd path mode flags */
	HOST_GETXATTR,  /* fd path path2(name) buf size flags(1 = do not follow) -> size */
	HOST_SETXATTR,  /* fd path path2(name) buf size flags(1 = do not follow) mode(XATTR_*) */
	HOST_LISTXATTR, /* fd path buf size flags -> size */
	HOST_REMOVEXATTR, /* fd path path2 flags */
	HOST_NAME_TO_HANDLE, /* fd path buf(struct host_handle) flags(1 = connectable) */
	HOST_OPEN_HANDLE, /* fd(open, not by O_PATH) buf(struct host_handle) flags -> descriptor */
	HOST_CONNECT,   /* fd fd2(O_PATH of a socket, or -1: no peer) flags(1 = do not wait): an AF_UNIX socket */
	HOST_SEND,      /* fd buf(struct host_sock_msg) -> bytes: waits for room, maybe for ever */
};
struct host_req {
	enum host_op op;
	int fd, fd2;
	const char *path, *path2;
	void *buf;
	u64 size, offset;
	int flags;
	u32 mode;
	struct host_stat *stat;
	struct host_statfs *statfs;
	long result;            /* set at completion: >= 0 or -errno */
	bool done;              /* set on the kernel thread at completion */
	void *waiter;           /* the kernel's */
	struct host_req *next;  /* um's, as is what follows: what a helper has copies of */
	struct { const char *path, *path2; int fd, fd2; } given;
	bool copied;
};
/* Starts a request. Returns true if it is already done (what cannot block is done in place); otherwise a helper
 * thread works on it and host_complete_upcall(req) follows. Helpers never touch kernel state. */
bool host_submit(struct host_req *req);
void host_complete_upcall(struct host_req *req);
/* A blocked HOST_READ or HOST_WRITE is given up: completes soon with -EINTR unless it had finished. */
void host_cancel(struct host_req *req);

/* Changes of host directories. host_dirwatch() watches the one behind @fd (O_PATH will do; the descriptor may be closed): from now
 * on a change of what its names mean, or of its attributes, is told by host_dir_upcall() before the host process that made it
 * has returned from its call and host_dirwatch_poll() has been called after that. The watch's number (> 0), or -errno:
 * -EOPNOTSUPP: on its file system changes come unseen; others: the host refuses, now or always. */
int host_dirwatch(int fd);
void host_dirwatch_end(int wd);
/* Makes the upcalls for what has changed before this call: one short host call if nothing has. Only when something is or was
 * watched. */
void host_dirwatch_poll(void);
/* What @name means in the directory of @wd, or the attributes of what it names, may have changed; @name NULL: of all names, and
 * the attributes of the directory itself; @wd 0: in all directories (mounts changed, or events were lost). @gone: the watch has
 * ended. Never sleeps. */
void host_dir_upcall(int wd, const char *name, bool gone);

/* Readiness of a pollable descriptor: @events/@ready are EPOLLIN etc. One watch a descriptor and cookie;
 * one-shot: it comes once after each arming. */
int host_watch(int fd, u32 events, void *cookie);
void host_unwatch(int fd, void *cookie);
void host_ready_upcall(void *cookie, u32 ready);
/* What is ready now, without waiting. Descriptors that cannot be polled (files) are always ready. */
u32 host_ready(int fd, u32 events);
/* ioctl passed through on a terminal: cmd and a buffer of the size that the command has. 0 or -errno. */
long host_ioctl(int fd, unsigned cmd, void *buf);
int host_fcntl_getfl(int fd);
/* Sets or clears O_DIRECT of a descriptor: 0 or -errno. */
int host_set_direct(int fd, bool on);

/* ---- sockets of host programs: --host-unix ---- */
/* AF_UNIX sockets on the host; fds as above. None of these waits: -EAGAIN. Addresses are struct sockaddr_un, at most 110 bytes. */
#define HOST_SOCK_FDS 253
struct host_sock_msg {
	void *buf;
	u64 size;
	int flags;        /* MSG_*: for the call; of a received message what the host says */
	int to;           /* send: O_PATH of the socket it is for; -1: the peer */
	void *name;       /* receive: 110 bytes for the sender's address, or NULL */
	u32 name_len;
	bool has_creds;   /* send: with umk's pid and these ids. receive: the sender's */
	u32 uid, gid;
	u32 nfds;
	s32 *fds;         /* room for HOST_SOCK_FDS; received ones are the caller's to close. receive: NULL: none wanted */
};
int host_sock_open(int type);   /* SOCK_*: a descriptor or -errno */
/* Makes the socket @name in the directory @dirfd (O_PATH will do) with @mode. -EADDRINUSE, -ENAMETOOLONG, -EINVAL (bound) ... */
int host_sock_bind(int fd, int dirfd, const char *name, u32 mode);
int host_sock_listen(int fd, int backlog);
int host_sock_accept(int fd);
long host_sock_send(int fd, struct host_sock_msg *m);
long host_sock_recv(int fd, struct host_sock_msg *m);
int host_sock_shutdown(int fd, int how);
int host_sock_name(int fd, bool peer, void *name); /* the address's length or -errno */
int host_sock_getopt(int fd, int name, void *val, u32 *len); /* of SOL_SOCKET */
int host_sock_setopt(int fd, int name, int val);
void host_sock_sndtimeo(int fd, u64 ns); /* how long HOST_CONNECT and HOST_SEND wait: ~0 for ever */

/* SIGUSR1: umk is asked what its tasks do. Others are host signals that the guest's foreground group should get: SIGINT, SIGQUIT, SIGTSTP, SIGWINCH, SIGCONT, SIGTERM, SIGHUP. */
void host_signal_upcall(int signo);
/* Stops umk itself by the default action of @signo (SIGTSTP...); returns after SIGCONT. */
void host_stop_self(int signo);

/* ---- output ---- */
/* A line of umk's own on standard error. */
void host_message(const char *text, size_t size);
/* Trace output (--strace, -o FILE). */
void host_trace(const char *text, size_t size);

/* Bytes of the file of --pcap. */
void host_capture(const void *data, size_t size);

/* UMK_COVERAGE=FILE is set: what the tests exercised is appended there. */
bool host_coverage_on(void);
void host_coverage_write(const char *text, size_t size);

/* ---- helpers of the host's C library that the kernel may use ---- */
/* ASan's fibre annotations round a stack switch; nothing in other builds. */
void host_switch_begin(void **save, const void *stack, size_t size);
void host_switch_end(void *save);

#endif
