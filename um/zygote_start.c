/* The zygote's start: the memory that stubs share with the kernel, the image as a file without a name, its execution with nothing
 * of umk's about it, and what its address space tells of the host's vdso. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cpuid.h>

#include "um.h"
#include "zygote_parts.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#endif
#define EXEC_TRIES 8            /* without ADDR_NO_RANDOMIZE the first stack may lie where the stub must */
#define VDSO_HOME 0x7ffff7f00000 /* where vdso and vvar go if the host put them in the guests' range */

extern const char stub_image_start[], stub_image_end[];

struct stub_ctl *stub_ctl;
static int ctl_fd = -1, bell_fd = -1, image_fd = -1;

/* Ignored in stubs: what the terminal or a careless kill(2) sends to the whole process group is umk's to pass on; ^Z stops
 * go through umk as well (stop_all): a guest may catch SIGTSTP. Signals that tell of a fault are what they are. */
static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGIO,
	SIGPWR };

static void stub_signals(void)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < 65; sig++)
		sigaction(sig, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	for (unsigned i = 0; i < ARRAY_SIZE(ignored); i++)
		sigaction(ignored[i], &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void stub_limits(void)
{
	struct rlimit r = { 0, 0 };

	/* A dump of a stub helps nobody, and older hosts kill all that share the address space for it. */
	setrlimit(RLIMIT_CORE, &r);
	/* mmap_base depends on it; unlimited would put the vdso low. */
	getrlimit(RLIMIT_STACK, &r);
	if (r.rlim_cur == RLIM_INFINITY || r.rlim_cur > 8u << 20) {
		r.rlim_cur = 8u << 20;
		setrlimit(RLIMIT_STACK, &r);
	}
}

static void close_from(unsigned first)
{
	struct rlimit r;

	if (!syscall(SYS_close_range, first, ~0u, 0))
		return;
	getrlimit(RLIMIT_NOFILE, &r);
	for (unsigned fd = first; fd < r.rlim_cur && fd < 1u << 20; fd++)
		close((int)fd);
}

/* In the forked child: becomes the stub image. Returns only if it cannot: the number of the step, errno is set. */
static int become_zygote(int sock, pid_t umk, int report)
{
	char *const argv[] = { "umk-stub", NULL };
	char *const envp[] = { NULL };
	const int from[] = { physmem_fd, ctl_fd, bell_fd, sock, image_fd, report };
	int high[ARRAY_SIZE(from)];

	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return 1;
	if (getppid() != umk)
		_exit(0);
	stub_signals();
	stub_limits();
	/* A container may refuse this; umk then moves what lies in the way. */
	personality(ADDR_NO_RANDOMIZE);
	for (unsigned i = 0; i < ARRAY_SIZE(from); i++) {
		high[i] = fcntl(from[i], F_DUPFD, 16);
		if (high[i] < 0)
			return 2;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(from); i++)
		if (dup2(high[i], STUB_PHYS_FD + (int)i) < 0)
			return 2;
	fcntl(STUB_PHYS_FD + 4, F_SETFD, FD_CLOEXEC); /* the image */
	fcntl(STUB_PHYS_FD + 5, F_SETFD, FD_CLOEXEC); /* the report */
	close_from(STUB_PHYS_FD + ARRAY_SIZE(from));
	for (int fd = 0; fd < STUB_PHYS_FD; fd++)
		close(fd);
	syscall(SYS_execveat, STUB_PHYS_FD + 4, "", argv, envp, AT_EMPTY_PATH);
	return 3;
}

static const char *const step_names[] = { "", "prctl(PR_SET_PDEATHSIG)", "its descriptors", "execveat of its memfd" };

/* Forks and executes the zygote. 0, or -errno after um_reason(); -ERESTART to try again. */
static int launch(void)
{
	int sv[2], report[2], status = 0;
	struct { int step, err; } failed = { 0, 0 };
	pid_t umk = getpid();
	ssize_t n;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sv)) {
		um_reason("no socket pair for the zygote: %s", strerror(errno));
		return -errno;
	}
	if (pipe2(report, O_CLOEXEC)) {
		int err = errno;

		close(sv[0]);
		close(sv[1]);
		um_reason("no pipe for the zygote: %s", strerror(err));
		return -err;
	}
	zygote_pid = vfork();
	if (zygote_pid == 0) {
		failed.step = become_zygote(sv[1], umk, report[1]);
		failed.err = errno;
		/* the report's end may have moved, and one of the two is closed */
		if (write(failed.step == 3 ? STUB_PHYS_FD + 5 : report[1], &failed, sizeof(failed)) < 0)
			_exit(2);
		_exit(1);
	}
	close(sv[1]);
	close(report[1]);
	if (zygote_pid < 0) {
		int err = errno;

		close(sv[0]);
		close(report[0]);
		zygote_pid = 0;
		um_reason("fork of the zygote: %s%s", strerror(err),
			  err == EAGAIN ? " (RLIMIT_NPROC, or pids.max of the cgroup)" : "");
		return -err;
	}
	do
		n = read(report[0], &failed, sizeof(failed));
	while (n < 0 && errno == EINTR);
	close(report[0]);
	zygote_fd = sv[0];
	if (n == sizeof(failed)) {
		zygote_wait_for(zygote_pid, &status);
		zygote_pid = 0;
		um_reason("the zygote could not start: %s: %s%s",
			  step_names[failed.step > 0 && failed.step < 4 ? failed.step : 0], strerror(failed.err),
			  failed.step == 3 && failed.err == EACCES ? " (sysctl vm.memfd_noexec, or a security module)" : "");
		return failed.err ? -failed.err : -EIO;
	}
	return 0;
}

/* The image in a memfd that can be executed. A descriptor or -errno. */
static int image_memfd(void)
{
	size_t size = (size_t)(stub_image_end - stub_image_start), done = 0;
	int fd = memfd_create("umk-stub", MFD_CLOEXEC | MFD_EXEC);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("umk-stub", MFD_CLOEXEC);
	if (fd < 0) {
		um_reason("memfd_create: %s%s", strerror(errno), errno == EACCES ? " (sysctl vm.memfd_noexec)" : "");
		return -errno;
	}
	while (done < size) {
		ssize_t n = write(fd, stub_image_start + done, size - done);

		if (n <= 0) {
			int err = n ? errno : EIO;

			if (err == EINTR)
				continue;
			um_reason("writing the stub's image: %s%s", strerror(err), err == EFBIG ? " (RLIMIT_FSIZE)" : "");
			close(fd);
			return -err;
		}
		done += (size_t)n;
	}
	return fd;
}

/* Sorts the zygote's mappings into what stays, what goes and what moves; fills trap_layout's vdso. 0 or -errno. */
static int read_maps(u64 vdso, struct zygote_setup *s)
{
	u64 start, end, vvar_start = 0, vvar_end = 0, vdso_end = 0, from = 0;
	char path[32], line[512];
	FILE *maps;
	int err = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", zygote_pid);
	maps = fopen(path, "re");
	if (!maps) {
		err = errno;
		um_reason("%s: %s (is /proc mounted?)", path, strerror(err));
		return -err;
	}
	while (fgets(line, sizeof(line), maps)) {
		unsigned long long a, b;

		if (sscanf(line, "%llx-%llx", &a, &b) != 2)
			continue;
		start = a;
		end = b;
		if (start >> 47 || (start >= STUB_BASE && end <= STUB_END))
			continue;
		bool is_vdso = vdso && start <= vdso && vdso < end;

		if (is_vdso || strstr(line, "[vvar")) {
			if (is_vdso)
				vdso_end = end;
			else if (!vvar_start || start < vvar_start)
				vvar_start = start;
			if (!is_vdso && end > vvar_end)
				vvar_end = end;
			if (s->nr_move == ZYGOTE_MAX_RANGES)
				err = -E2BIG;
			else
				s->move[s->nr_move++] = (typeof(s->move[0])){ start, end - start, 0 };
		} else if (s->nr_drop == ZYGOTE_MAX_RANGES) {
			err = -E2BIG;
		} else {
			s->drop[s->nr_drop++] = (typeof(s->drop[0])){ start, end - start };
		}
	}
	fclose(maps);
	if (err) {
		um_reason("the zygote's address space has too many parts");
		return err;
	}
	/* The lowest of them is the origin of the move; one above the stub stays where it is. */
	for (u32 i = 0; i < s->nr_move; i++)
		if (!from || s->move[i].start < from)
			from = s->move[i].start;
	if (from >= STUB_END || !s->nr_move) {
		s->nr_move = 0;
		from = 0;
	}
	for (u32 i = 0; i < s->nr_move; i++)
		s->move[i].to = s->move[i].start - from + VDSO_HOME;
	u64 shift = from ? VDSO_HOME - from : 0;

	trap_layout.vdso_start = vdso && vdso_end ? vdso + shift : 0;
	trap_layout.vdso_end = vdso && vdso_end ? vdso_end + shift : 0;
	trap_layout.vdso_image = (const u8 *)getauxval(AT_SYSINFO_EHDR);
	trap_layout.vvar_start = vvar_start ? vvar_start + shift : 0;
	trap_layout.vvar_end = vvar_start ? vvar_end + shift : 0;
	return 0;
}

/* Size and features of the extended state. AMX is left out: a thread has to ask the host for it. */
static void read_xstate(void)
{
	const u64 amx = 3ull << 17;
	u32 a, b, c, d, low, high;

	__cpuid(1, a, b, c, d);
	if (!(c & bit_OSXSAVE))
		um_die(125, "this CPU has no XSAVE");
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	trap_layout.xfeatures = ((u64)high << 32 | low) & ~amx;
	trap_layout.xsave_size = 512 + 64;
	for (u32 i = 2; i < 63; i++) {
		if (!(trap_layout.xfeatures >> i & 1))
			continue;
		__cpuid_count(0xd, i, a, b, c, d);
		if (a + b > trap_layout.xsave_size)
			trap_layout.xsave_size = a + b;
	}
	if (trap_layout.xsave_size > AREA_STACK - AREA_XSAVE)
		um_die(125, "the CPU's extended state is too large (%u bytes)", trap_layout.xsave_size);
}

static int make_shared(void)
{
	if (ctl_fd >= 0)
		return 0;
	ctl_fd = um_memfd("umk-ctl", STUB_CTL_SIZE);
	if (ctl_fd < 0) {
		um_reason("shared memory for the stubs: %s", strerror(-ctl_fd));
		return ctl_fd;
	}
	stub_ctl = mmap(NULL, STUB_CTL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, ctl_fd, 0);
	if (stub_ctl == MAP_FAILED) {
		um_reason("shared memory for the stubs: %s (RLIMIT_AS?)", strerror(errno));
		return -errno;
	}
	bell_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (bell_fd < 0) {
		um_reason("eventfd: %s", strerror(errno));
		return -errno;
	}
	image_fd = image_memfd();
	return image_fd < 0 ? image_fd : 0;
}

static void abandon(void)
{
	if (zygote_pid > 0) {
		kill(zygote_pid, SIGKILL);
		zygote_wait_for(zygote_pid, NULL);
	}
	zygote_pid = 0;
	if (zygote_fd >= 0)
		close(zygote_fd);
	zygote_fd = -1;
}

/* One attempt. @listener: thread creation is asked about, at *@listener_fd. 0 or -errno after um_reason(). */
static int start(bool use_filter, bool listener, int *listener_fd)
{
	struct zygote_hello hello;
	struct zygote_setup setup = { .use_filter = use_filter, .use_listener = listener, .umk_pid = (u32)getpid() };
	s64 answer;
	int err;

	if (use_filter) {
		memcpy(stub_ctl->filter, stub_filters[listener].prog, stub_filters[listener].len * sizeof(struct sock_filter));
		stub_ctl->filter_len = stub_filters[listener].len;
	}
	for (unsigned try = 0;; try++) {
		err = launch();
		if (err)
			return err;
		err = zygote_read(&hello, sizeof(hello), ANSWER_MS);
		if (!err)
			break;
		abandon();
		if (try == EXEC_TRIES) {
			um_reason("the zygote dies at once or does not answer (is personality(ADDR_NO_RANDOMIZE) forbidden, "
				  "or RLIMIT_AS too low?)");
			return -EIO;
		}
	}
	err = read_maps(hello.vdso, &setup);
	if (err) {
		abandon();
		return err;
	}
	answer = -EPIPE;
	if (zygote_write(&setup, sizeof(setup)) && !zygote_read_fd(&answer, sizeof(answer), listener_fd) && answer == 0)
		return 0;
	err = (int)answer;
	um_reason("the zygote could not set itself up: %s%s", strerror(-err),
		  setup.nr_move ? " (the host's vdso lies in the guests' range and cannot be moved; is "
				  "personality(ADDR_NO_RANDOMIZE) forbidden?)" :
		  use_filter && (err == -EPERM || err == -ENOSYS || err == -EINVAL) ? " (are seccomp filters forbidden here?)" : "");
	abandon();
	return err;
}

int zygote_start(bool use_filter)
{
	int err = make_shared(), listener_fd = -1;

	if (err)
		return err;
	zygote_with_filter = use_filter;
	areas_limit();
	read_xstate();
	trap_layout.stub_start = STUB_BASE;
	trap_layout.stub_end = STUB_END;
	trap_layout.task_size = STUB_BASE;
	trap_layout.can_rewrite = getauxval(AT_HWCAP2) & 2; /* FSGSBASE */
	stub_ctl->xsave_size = trap_layout.xsave_size;
	stub_ctl->xfeatures = trap_layout.xfeatures;
	stub_ctl->fsgsbase = trap_layout.can_rewrite;
	err = start(use_filter, use_filter, &listener_fd);
	if (err && use_filter) /* a supervisor of this container may be the one listener that the host allows */
		err = start(use_filter, false, &listener_fd);
	if (err)
		return err;
	zygote_listen(listener_fd);
	zygote_began();
	return 0;
}

int zygote_bell_fd(void)
{
	return bell_fd;
}
