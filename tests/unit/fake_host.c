/* The host that unit tests run on: all of host.h and trap.h for an ordinary process.
 *
 * Host files are real ones and are worked on in place. Guest memory and the arena are private anonymous memory, so that
 * each forked test starts clean. The clock is fake and idling jumps to the deadline. Guests are tasks that never run;
 * a test posts their events. Waiting for ever with nothing pending is a failure. */
#include <dirent.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <sys/uio.h>
#include <unistd.h>
#include <linux/fiemap.h>
#include <linux/fs.h>

#define UNIT_LIBC /* here the names are libc's */
#include "unit.h"

#define PHYSMEM_SIZE (64ull << 20)
#define ARENA_SIZE (1ull << 30)
#define ARENA_ADDR ((void *)0x200000000000)

struct host_info host_info;
struct umk_options umk_options;
struct trap_layout trap_layout;

u64 unit_now = 1000000000;
u64 unit_preempted;
u64 unit_arena_discarded;
bool unit_async;
unsigned unit_submits, unit_fail_next;
int unit_fail_errno;
int unit_exit_status, unit_exit_signo;
void *unit_exit_jump[5];
bool unit_exit_catch;
char unit_messages[65536], unit_traces[65536];
u64 unit_signals;

static char tmpdir[64];
static pid_t tmpdir_owner;

/* ---- start ---- */

static void *must_map(void *at, size_t size)
{
	void *p = mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED) {
		perror("fake host: mmap");
		exit(99);
	}
	return p;
}

void unit_host_start(void)
{
	static char *no_env[] = { NULL };

	host_info.physmem = must_map(NULL, PHYSMEM_SIZE);
	host_info.physmem_size = PHYSMEM_SIZE;
	host_info.arena = must_map(ARENA_ADDR, ARENA_SIZE);
	host_info.arena_size = ARENA_SIZE;
	host_info.cpus = 2;
	host_info.cpu_mask[0] = 3;
	host_info.clk_tck = 100;
	host_info.kernel_version = "6.12.0";
	host_info.minsigstksz = 2048;
#if defined(__SANITIZE_ADDRESS__)
	host_info.sanitized = true;
#endif
	umk_options.program = "test";
	umk_options.argv = no_env;
	umk_options.envp = no_env;
	umk_options.umask = 022;
	umk_options.caps.permitted = umk_options.caps.effective = umk_options.caps.bset = ~0ull;
	for (unsigned i = 0; i < ARRAY_SIZE(umk_options.rlimit); i++)
		umk_options.rlimit[i].cur = umk_options.rlimit[i].max = ~0ull;
	umk_options.rlimit[3].cur = 8 << 20;	/* RLIMIT_STACK */
	umk_options.rlimit[7].cur = 1024;	/* RLIMIT_NOFILE */
	umk_options.rlimit[7].max = 4096;
	trap_layout.stub_start = 0x7fffe0000000;
	trap_layout.stub_end = 0x7ffff0000000;
	trap_layout.task_size = 0x7fffe0000000;
	trap_layout.xsave_size = 832;
	trap_layout.xfeatures = 7;
}

int unit_run(const char *name, const TTest *const *tests, unsigned count)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	unit_host_start();
	tcase_set_timeout(tcase, 60);
	for (unsigned i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void remove_tmpdir(void)
{
	char cmd[128];

	if (tmpdir_owner != getpid())
		return;
	snprintf(cmd, sizeof(cmd), "rm -rf '%s'", tmpdir);
	if (system(cmd))
		perror("fake host: rm");
}

const char *unit_tmpdir(void)
{
	if (!tmpdir_owner) {
		strcpy(tmpdir, "/tmp/umk-unit-XXXXXX");
		if (!mkdtemp(tmpdir)) {
			perror("fake host: mkdtemp");
			exit(99);
		}
		tmpdir_owner = getpid();
		atexit(remove_tmpdir);
	}
	return tmpdir;
}

void host_exit(int status, int signo)
{
	unit_exit_status = status;
	unit_exit_signo = signo;
	if (unit_exit_catch)
		__builtin_longjmp(unit_exit_jump, 1);
	exit(signo ? 128 + signo : status);
}

void host_panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("umk: panic: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	host_backtrace();
	abort();
}

void host_fault_registers(void)
{
}

void host_walk_stack(void *ksp, bool (*frame)(void *ctx, u64 ip, const char *name, u64 offset), void *ctx)
{
}

void host_unwind(struct host_unwind *u)
{
	u->frame(u, u->regs[16]);
}

void host_backtrace(void)
{
	void *frames[32];

	backtrace_symbols_fd(frames, backtrace(frames, 32), 2);
}

/* ---- memory ---- */

void host_physmem_discard(u64 off, u64 size)
{
	madvise(host_info.physmem + off, size, MADV_DONTNEED);
}

void host_arena_discard(void *p, u64 size)
{
	unit_arena_discarded += size;
	madvise(p, size, MADV_DONTNEED);
}

void *host_stack_alloc(size_t size)
{
	char *p = mmap(NULL, size + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	mprotect(p, 4096, PROT_NONE);
	return p + 4096;
}

void host_stack_free(void *stack, size_t size)
{
	munmap((char *)stack - 4096, size + 4096);
}

void *host_malloc(size_t size, size_t align)
{
	void *p;

	return posix_memalign(&p, max(align, sizeof(void *)), size) ? NULL : p;
}

void host_free(void *p)
{
	free(p);
}

/* ---- time ---- */

u64 host_clock(enum host_clock which)
{
	switch (which) {
	case HOST_REALTIME:
	case HOST_REALTIME_COARSE:
	case HOST_TAI:
		return unit_now + 1700000000000000000ull;
	case HOST_KERNEL_CPU:
		return unit_now - unit_preempted;
	default:
		return unit_now;
	}
}

void host_random(void *buf, size_t size)
{
	static u64 state = 0x9e3779b97f4a7c15ull;
	u8 *p = buf;

	while (size--) {
		state = state * 6364136223846793005ull + 1442695040888963407ull;
		*p++ = state >> 56;
	}
}

/* ---- requests ---- */

static struct host_req *pending, **pending_tail = &pending;

static void stat_from(struct host_stat *to, const struct statx *x)
{
	memset(to, 0, sizeof(*to));
	to->dev = makedev(x->stx_dev_major, x->stx_dev_minor);
	to->rdev = makedev(x->stx_rdev_major, x->stx_rdev_minor);
	to->ino = x->stx_ino;
	to->nlink = x->stx_nlink;
	to->size = x->stx_size;
	to->blocks = x->stx_blocks;
	to->mode = x->stx_mode;
	to->uid = x->stx_uid;
	to->gid = x->stx_gid;
	to->blksize = x->stx_blksize;
	to->atime.sec = x->stx_atime.tv_sec;
	to->atime.nsec = x->stx_atime.tv_nsec;
	to->mtime.sec = x->stx_mtime.tv_sec;
	to->mtime.nsec = x->stx_mtime.tv_nsec;
	to->ctime.sec = x->stx_ctime.tv_sec;
	to->ctime.nsec = x->stx_ctime.tv_nsec;
	to->btime.sec = x->stx_btime.tv_sec;
	to->btime.nsec = x->stx_btime.tv_nsec;
	to->attributes = x->stx_attributes;
	to->attributes_mask = x->stx_attributes_mask;
}

static long do_statfs(struct host_req *r)
{
	struct statfs s;

	if (fstatfs(r->fd, &s))
		return -1;
	*r->statfs = (struct host_statfs){ .type = s.f_type, .bsize = s.f_bsize, .blocks = s.f_blocks, .bfree = s.f_bfree,
		.bavail = s.f_bavail, .files = s.f_files, .ffree = s.f_ffree, .namelen = s.f_namelen,
		.frsize = s.f_frsize, .flags = s.f_flags };
	return 0;
}

static long do_utimens(struct host_req *r)
{
	return syscall(SYS_utimensat, r->fd, r->path, r->buf, r->path ? r->flags : 0);
}

static long do_stat(struct host_req *r)
{
	struct statx x;
	const char *path = r->path ? r->path : "";
	int flags = r->flags | (*path ? 0 : AT_EMPTY_PATH);

	if (statx(r->fd, path, flags, STATX_BASIC_STATS | STATX_BTIME, &x))
		return -1;
	stat_from(r->stat, &x);
	return 0;
}

/* A name that the xattr calls, which know no dirfd, understand. */
static const char *xattr_path(struct host_req *r, char *buf, size_t size)
{
	if (r->path && (r->path[0] == '/' || r->fd == HOST_AT_FDCWD))
		return r->path;
	snprintf(buf, size, "/proc/self/fd/%d/%s", r->fd, r->path ? r->path : "");
	return buf;
}

static long run(struct host_req *r)
{
	char name[4200];

	switch (r->op) {
	case HOST_OPEN:
		return openat(r->fd, r->path, r->flags | O_CLOEXEC, r->mode);
	case HOST_CLOSE:
		return close(r->fd);
	case HOST_PREAD:
		return pread(r->fd, r->buf, r->size, r->offset);
	case HOST_PWRITE:
		if (r->offset == ~0ull) {
			lseek(r->fd, 0, SEEK_END);
			return write(r->fd, r->buf, r->size);
		}
		return pwrite(r->fd, r->buf, r->size, r->offset);
	case HOST_PREADV:
		return r->offset == ~0ull ? readv(r->fd, r->buf, (int)r->size) : preadv(r->fd, r->buf, (int)r->size, r->offset);
	case HOST_PWRITEV:
		if (r->flags)
			lseek(r->fd, 0, SEEK_END);
		return r->offset == ~0ull ? writev(r->fd, r->buf, (int)r->size) : pwritev(r->fd, r->buf, (int)r->size, r->offset);
	case HOST_READ:
		return read(r->fd, r->buf, r->size);
	case HOST_WRITE:
		return write(r->fd, r->buf, r->size);
	case HOST_STAT:
		return do_stat(r);
	case HOST_STATFS:
		return do_statfs(r);
	case HOST_READLINK:
		return readlinkat(r->fd, r->path ? r->path : "", r->buf, r->size);
	case HOST_GETDENTS:
		if (!(r->flags & 1) && lseek(r->fd, r->offset, SEEK_SET) < 0)
			return -1;
		return syscall(SYS_getdents64, r->fd, r->buf, r->size);
	case HOST_LSEEK:
		return lseek(r->fd, r->offset, r->flags);
	case HOST_TRUNCATE:
		return ftruncate(r->fd, r->size);
	case HOST_FALLOCATE:
		return fallocate(r->fd, r->flags, r->offset, r->size);
	case HOST_FIEMAP:
		return ioctl(r->fd, FS_IOC_FIEMAP, r->buf);
	case HOST_FSYNC:
		return r->flags & 1 ? fdatasync(r->fd) : fsync(r->fd);
	case HOST_MKDIR:
		return mkdirat(r->fd, r->path, r->mode);
	case HOST_UNLINK:
		return unlinkat(r->fd, r->path, r->flags);
	case HOST_RENAME:
		return renameat2(r->fd, r->path, r->fd2, r->path2, r->flags);
	case HOST_LINK:
		return linkat(r->fd, r->path, r->fd2, r->path2, r->flags);
	case HOST_SYMLINK:
		return symlinkat(r->path2, r->fd, r->path);
	case HOST_MKNOD:
		return mknodat(r->fd, r->path, r->mode, r->offset);
	case HOST_CHMOD:
		return r->path ? fchmodat(r->fd, r->path, r->mode, r->flags) : fchmod(r->fd, r->mode);
	case HOST_CHOWN:
		return r->path ? fchownat(r->fd, r->path, r->size, r->offset, r->flags)
			: fchown(r->fd, r->size, r->offset);
	case HOST_UTIMENS:
		return do_utimens(r);
	case HOST_ACCESS:
		return faccessat(r->fd, r->path, r->mode, r->flags);
	case HOST_GETXATTR:
		return getxattr(xattr_path(r, name, sizeof(name)), r->path2, r->buf, r->size);
	case HOST_SETXATTR:
		return setxattr(xattr_path(r, name, sizeof(name)), r->path2, r->buf, r->size, r->mode);
	case HOST_LISTXATTR:
		return listxattr(xattr_path(r, name, sizeof(name)), r->buf, r->size);
	case HOST_REMOVEXATTR:
		return removexattr(xattr_path(r, name, sizeof(name)), r->path2);
	case HOST_NAME_TO_HANDLE:
	case HOST_OPEN_HANDLE:
	case HOST_CONNECT:
	case HOST_SEND:
		break;
	}
	errno = ENOSYS;
	return -1;
}

static void finish(struct host_req *r)
{
	long result;

	if (unit_fail_next) {
		unit_fail_next--;
		r->result = unit_fail_errno;
	} else {
		result = run(r);
		r->result = result < 0 ? -errno : result;
	}
	r->done = true;
}

bool host_submit(struct host_req *req)
{
	unit_submits++;
	req->done = false;
	req->next = NULL;
	if (!unit_async) {
		finish(req);
		return true;
	}
	*pending_tail = req;
	pending_tail = &req->next;
	return false;
}

void host_cancel(struct host_req *req)
{
	for (struct host_req **p = &pending; *p; p = &(*p)->next) {
		if (*p != req)
			continue;
		*p = req->next;
		if (!*p)
			pending_tail = p;
		req->result = -EINTR;
		req->done = true;
		host_complete_upcall(req);
		return;
	}
}

/* ---- descriptors ---- */

static struct watch {
	int fd;
	u32 events;
	void *cookie;
} watches[64];
static unsigned nr_watches;

int host_watch(int fd, u32 events, void *cookie)
{
	for (unsigned i = 0; i < nr_watches; i++)
		if (watches[i].fd == fd && watches[i].cookie == cookie) {
			watches[i].events = events;
			return 0;
		}
	if (nr_watches == ARRAY_SIZE(watches))
		return -ENOMEM;
	watches[nr_watches++] = (struct watch){ fd, events, cookie };
	return 0;
}

void host_unwatch(int fd, void *cookie)
{
	for (unsigned i = 0; i < nr_watches; i++)
		if (watches[i].fd == fd && watches[i].cookie == cookie)
			watches[i--] = watches[--nr_watches];
}

u32 host_ready(int fd, u32 events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, 0) > 0 ? (u32)p.revents : 0;
}

long host_ioctl(int fd, unsigned cmd, void *buf)
{
	return ioctl(fd, cmd, buf) < 0 ? -errno : 0;
}

int host_set_direct(int fd, bool on)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || fcntl(fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) ? -errno : 0;
}

int host_fcntl_getfl(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 ? -errno : flags;
}

void host_stop_self(int signo)
{
}

/* ---- sockets of host programs: there are none ---- */

int host_sock_open(int type) { return -EAFNOSUPPORT; }
int host_sock_bind(int fd, int dirfd, const char *name, u32 mode) { return -EBADF; }
int host_sock_listen(int fd, int backlog) { return -EBADF; }
int host_sock_accept(int fd) { return -EBADF; }
long host_sock_send(int fd, struct host_sock_msg *m) { return -EBADF; }
long host_sock_recv(int fd, struct host_sock_msg *m) { return -EBADF; }
int host_sock_shutdown(int fd, int how) { return -EBADF; }
int host_sock_name(int fd, bool peer, void *name) { return -EBADF; }
int host_sock_getopt(int fd, int name, void *val, u32 *len) { return -EBADF; }
int host_sock_setopt(int fd, int name, int val) { return -EBADF; }
void host_sock_sndtimeo(int fd, u64 ns) { }

/* ---- the fake trap backend ---- */

struct range {
	u64 addr, size, phys;
	int prot;
};
struct trap_mm {
	struct range *ranges;
	unsigned count, room, tasks;
};
struct trap_task {
	struct trap_mm *mm;
	void *cookie;
	struct pt_regs *regs;
	struct trap_event event;
	bool running, posted;
	u64 fs, gs;
	struct trap_task *next;
	u8 fp[4096];
};
static struct trap_task *trap_tasks;

unsigned unit_trap_mms, unit_trap_tasks, unit_trap_flushes, unit_trap_maps, unit_trap_unmaps, unit_trap_protects;
int unit_trap_fail;

static void range_add(struct trap_mm *mm, u64 addr, u64 size, u64 phys, int prot)
{
	if (mm->count == mm->room) {
		mm->room = mm->room ? mm->room * 2 : 16;
		mm->ranges = realloc(mm->ranges, mm->room * sizeof(*mm->ranges));
		if (!mm->ranges)
			abort();
	}
	mm->ranges[mm->count++] = (struct range){ addr, size, phys, prot };
}

/* Cuts [addr,+size) out; with @prot >= 0 it is put back with that protection. */
static void range_cut(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	u64 end = addr + size;
	unsigned count = mm->count;

	for (unsigned i = 0; i < count; i++) {
		struct range r = mm->ranges[i];
		u64 from = max(r.addr, addr), to = min(r.addr + r.size, end);

		if (from >= to)
			continue;
		mm->ranges[i].size = 0;
		if (r.addr < from)
			range_add(mm, r.addr, from - r.addr, r.phys, r.prot);
		if (to < r.addr + r.size)
			range_add(mm, to, r.addr + r.size - to, r.phys + (to - r.addr), r.prot);
		if (prot >= 0)
			range_add(mm, from, to - from, r.phys + (from - r.addr), prot);
	}
	for (unsigned i = 0; i < mm->count; i++)
		if (!mm->ranges[i].size)
			mm->ranges[i--] = mm->ranges[--mm->count];
}

bool unit_trap_lookup(struct trap_mm *mm, u64 addr, u64 *phys, int *prot)
{
	for (unsigned i = 0; i < mm->count; i++) {
		struct range *r = &mm->ranges[i];

		if (addr < r->addr || addr - r->addr >= r->size)
			continue;
		if (phys)
			*phys = r->phys + (addr - r->addr);
		if (prot)
			*prot = r->prot;
		return true;
	}
	return false;
}

static struct trap_task *fake_task(struct trap_mm *mm, void *cookie)
{
	struct trap_task *t = calloc(1, sizeof(*t));

	t->mm = mm;
	t->cookie = cookie;
	t->next = trap_tasks;
	trap_tasks = t;
	mm->tasks++;
	unit_trap_tasks++;
	return t;
}

static int take_failure(void)
{
	int err = unit_trap_fail;

	unit_trap_fail = 0;
	return err;
}

static int fake_mm_create(struct trap_mm **mm, struct trap_task **first, void *cookie, u64 program)
{
	(void)program;
	int err = take_failure();

	if (err)
		return err;
	*mm = calloc(1, sizeof(**mm));
	*first = fake_task(*mm, cookie);
	unit_trap_mms++;
	return 0;
}

static void fake_mm_destroy(struct trap_mm *mm, u64 program)
{
	(void)program;
	if (mm->tasks)
		host_panic("trap_mm destroyed with %u tasks", mm->tasks);
	free(mm->ranges);
	free(mm);
	unit_trap_mms--;
}

static int fake_task_create(struct trap_task **t, struct trap_mm *mm, struct trap_task *creator, void *cookie)
{
	int err = take_failure();

	if (err)
		return err;
	if (creator->running || creator->mm != mm)
		host_panic("task_create by a task that is not parked in the mm");
	*t = fake_task(mm, cookie);
	return 0;
}

static void fake_task_destroy(struct trap_task *t)
{
	struct trap_task **p = &trap_tasks;

	while (*p != t)
		p = &(*p)->next;
	*p = t->next;
	t->mm->tasks--;
	unit_trap_tasks--;
	free(t);
}

static void fake_resume(struct trap_task *t, struct pt_regs *regs)
{
	if (t->running)
		host_panic("resume of a running task");
	t->regs = regs;
	t->event.kind = TRAP_NONE;
	t->running = true;
}

static const struct trap_event *fake_event(struct trap_task *t)
{
	return &t->event;
}

static void fake_will_block(struct trap_task *t)
{
}

void unit_trap_post(struct trap_task *t, const struct trap_event *ev)
{
	t->event = *ev;
	t->running = false;
	t->posted = true;
}

bool unit_trap_running(struct trap_task *t)
{
	return t->running;
}

static void fake_interrupt(struct trap_task *t)
{
	struct trap_event ev = { .kind = TRAP_INTERRUPT };

	if (!t->running)
		return;
	t->regs->orig_ax = -1ul;
	unit_trap_post(t, &ev);
}

static int fake_get_fp(struct trap_task *t, void *xsave)
{
	memcpy(xsave, t->fp, trap_layout.xsave_size);
	return 0;
}

static int fake_set_fp(struct trap_task *t, const void *xsave)
{
	memcpy(t->fp, xsave, trap_layout.xsave_size);
	return 0;
}

static int fake_get_bases(struct trap_task *t, u64 *fs, u64 *gs)
{
	*fs = t->fs;
	*gs = t->gs;
	return 0;
}

static int fake_set_bases(struct trap_task *t, u64 fs, u64 gs)
{
	t->fs = fs;
	t->gs = gs;
	return 0;
}

int host_membarrier(void)
{
	return 0;
}

static int fake_set_affinity(struct trap_task *t, const u64 *mask, unsigned words)
{
	return 0;
}

static u64 fake_cpu_time(struct trap_task *t)
{
	return 0;
}

static void fake_map(struct trap_mm *mm, u64 addr, u64 size, int prot, u64 phys, bool populate)
{
	unit_trap_maps++;
	if ((addr | size | phys) & 4095 || phys + size > host_info.physmem_size || addr + size > trap_layout.task_size)
		host_panic("bad map %#llx +%#llx of %#llx", (unsigned long long)addr, (unsigned long long)size,
			(unsigned long long)phys);
	range_cut(mm, addr, size, -1);
	range_add(mm, addr, size, phys, prot);
}

static void fake_unmap(struct trap_mm *mm, u64 addr, u64 size)
{
	unit_trap_unmaps++;
	range_cut(mm, addr, size, -1);
}

static void fake_protect(struct trap_mm *mm, u64 addr, u64 size, int prot)
{
	unit_trap_protects++;
	range_cut(mm, addr, size, prot);
}

static void fake_flush(struct trap_mm *mm)
{
	unit_trap_flushes++;
}

static unsigned fake_running(struct trap_mm *mm)
{
	unsigned n = 0;

	for (struct trap_task *t = trap_tasks; t; t = t->next)
		n += t->mm == mm && t->running;
	return n;
}

static const struct trap_ops fake_ops = {
	.name = "fake",
	.mm_create = fake_mm_create,
	.mm_destroy = fake_mm_destroy,
	.task_create = fake_task_create,
	.task_destroy = fake_task_destroy,
	.resume = fake_resume,
	.event = fake_event,
	.will_block = fake_will_block,
	.interrupt = fake_interrupt,
	.get_fp = fake_get_fp,
	.set_fp = fake_set_fp,
	.get_bases = fake_get_bases,
	.set_bases = fake_set_bases,
	.set_affinity = fake_set_affinity,
	.cpu_time = fake_cpu_time,
	.map = fake_map,
	.unmap = fake_unmap,
	.protect = fake_protect,
	.flush = fake_flush,
	.running = fake_running,
};
const struct trap_ops *trap = &fake_ops;

/* ---- idling ---- */

/* The upcalls live in the kernel's archive; a test whose part of the kernel has none of them links without. */
void host_complete_upcall(struct host_req *req) __attribute__((weak));
void host_ready_upcall(void *cookie, u32 ready) __attribute__((weak));
void host_signal_upcall(int signo) __attribute__((weak));
void trap_event_upcall(void *cookie) __attribute__((weak));

static unsigned upcalls(void)
{
	unsigned made = 0;

	while (pending) {
		struct host_req *r = pending;

		pending = r->next;
		if (!pending)
			pending_tail = &pending;
		finish(r);
		host_complete_upcall(r);
		made++;
	}
	for (struct trap_task *t = trap_tasks, *next; t; t = next) {
		next = t->next;
		if (!t->posted)
			continue;
		t->posted = false;
		trap_event_upcall(t->cookie);
		made++;
	}
	for (unsigned i = 0; i < nr_watches; i++) {
		struct watch w = watches[i];
		u32 ready = w.events ? host_ready(w.fd, w.events) : 0;

		if (!ready)
			continue;
		watches[i].events = 0;
		host_ready_upcall(w.cookie, ready);
		made++;
	}
	for (int signo = 1; unit_signals; signo++) {
		if (!(unit_signals & 1ull << (signo - 1)))
			continue;
		unit_signals &= ~(1ull << (signo - 1));
		host_signal_upcall(signo);
		made++;
	}
	return made;
}

void host_idle(u64 deadline)
{
	if (upcalls())
		return;
	if (deadline == HOST_FOREVER)
		host_panic("every task sleeps and nothing can wake one");
	unit_now = max(unit_now, deadline);
}

void host_poll(void)
{
	upcalls();
}

/* ---- output ---- */

static void append(char *to, const char *text, size_t size)
{
	size_t used = strlen(to);

	if (size > 65535)
		size = 65535;
	if (used + size > 65535) {
		memmove(to, to + size, 65536 - size);
		used = strlen(to);
		used = used + size > 65535 ? 65535 - size : used;
	}
	memcpy(to + used, text, size);
	to[used + size] = 0;
}

void host_message(const char *text, size_t size)
{
	append(unit_messages, text, size);
}

void host_capture(const void *data, size_t size)
{
	(void)data;
	(void)size;
}

void host_trace(const char *text, size_t size)
{
	append(unit_traces, text, size);
}

bool host_coverage_on(void)
{
	return false;
}

void host_coverage_write(const char *text, size_t size)
{
}

/* ---- fibres ---- */

#if defined(__SANITIZE_ADDRESS__)
void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size);
void __sanitizer_finish_switch_fiber(void *save, const void **bottom, size_t *size);
void host_switch_begin(void **save, const void *stack, size_t size)
{
	__sanitizer_start_switch_fiber(save, stack, size);
}
void host_switch_end(void *save)
{
	__sanitizer_finish_switch_fiber(save, NULL, NULL);
}
#else
void host_switch_begin(void **save, const void *stack, size_t size)
{
}
void host_switch_end(void *save)
{
}
#endif
