/* The zygote's start: the memory that stubs share with the kernel, the image as a file without a name (zygote_exec.c executes it),
 * what its address space tells of the host's vdso, and its setting up. It does its part while umk does others: zygote_ready()
 * is the first that has to wait for it. */
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
static bool listens;            /* the zygote that was begun asks about threads */
static unsigned moves;          /* parts of its address space that it has to move */

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
	zygote_unask();
	if (zygote_pid > 0) {
		kill(zygote_pid, SIGKILL);
		zygote_wait_for(zygote_pid, NULL);
	}
	zygote_pid = 0;
	zygote_launch_end();
}

static int launch(void)
{
	const int fds[] = { physmem_fd, ctl_fd, bell_fd, image_fd };

	return zygote_launch(fds);
}

void zygote_early(void)
{
	/* what fails is tried again, and said, by zygote_start() */
	if (!make_shared())
		(void)launch();
}

/* Waits until the zygote greets. 0 or -errno after um_reason(). */
static int greet(struct zygote_hello *hello)
{
	int err;

	for (unsigned try = 0;; try++) {
		err = zygote_pid ? 0 : launch();
		if (err)
			return err;
		if (!zygote_read(hello, sizeof(*hello), ANSWER_MS))
			break;
		err = zygote_launch_failed();
		abandon();
		if (err)
			return err;
		if (try == EXEC_TRIES) {
			um_reason("the zygote dies at once or does not answer (is personality(ADDR_NO_RANDOMIZE) forbidden, "
				  "or RLIMIT_AS too low?)");
			return -EIO;
		}
	}
	zygote_launch_end();
	return 0;
}

/* Has the zygote set itself up, and make a first child. @listener: thread creation is asked about. 0 or -errno after um_reason();
 * what comes of it is settle()'s. */
static int begin(bool use_filter, bool listener)
{
	struct zygote_setup setup = { .use_filter = use_filter, .use_listener = listener, .umk_pid = (u32)getpid() };
	struct zygote_hello hello;
	int err;

	if (use_filter) {
		memcpy(stub_ctl->filter, stub_filters[listener].prog, stub_filters[listener].len * sizeof(struct sock_filter));
		stub_ctl->filter_len = stub_filters[listener].len;
	}
	err = greet(&hello);
	if (err)
		return err;
	err = read_maps(hello.vdso, &setup);
	if (err) {
		abandon();
		return err;
	}
	moves = setup.nr_move;
	listens = listener;
	zygote_began();
	/* one that has gone does not answer */
	zygote_unsettled = true;
	if (zygote_write(&setup, sizeof(setup)))
		zygote_ask_first();
	return 0;
}

/* How begin() ended. 0 or -errno after um_reason(). */
static int settle(int *listener_fd)
{
	s64 answer = -EPIPE;
	int err;

	zygote_unsettled = false;
	if (!zygote_read_fd(&answer, sizeof(answer), listener_fd) && answer == 0)
		return 0;
	err = (int)answer;
	um_reason("the zygote could not set itself up: %s%s", strerror(-err),
		  moves ? " (the host's vdso lies in the guests' range and cannot be moved; is "
			  "personality(ADDR_NO_RANDOMIZE) forbidden?)" :
		  zygote_with_filter && (err == -EPERM || err == -ENOSYS || err == -EINVAL) ? " (are seccomp filters forbidden here?)" : "");
	abandon();
	return err;
}

int zygote_start(bool use_filter)
{
	int err = make_shared();

	if (err)
		return err;
	zygote_with_filter = use_filter;
	read_xstate();
	trap_layout.stub_start = STUB_BASE;
	trap_layout.stub_end = STUB_END;
	trap_layout.task_size = STUB_BASE;
	trap_layout.can_rewrite = getauxval(AT_HWCAP2) & 2; /* FSGSBASE */
	stub_ctl->xsave_size = trap_layout.xsave_size;
	stub_ctl->xfeatures = trap_layout.xfeatures;
	stub_ctl->fsgsbase = trap_layout.can_rewrite;
	return begin(use_filter, use_filter);
}

int zygote_ready(void)
{
	int listener_fd = -1, err = settle(&listener_fd);

	if (err && listens) { /* a supervisor of this container may be the one listener that the host allows */
		err = begin(zygote_with_filter, false);
		if (!err)
			err = settle(&listener_fd);
	}
	if (err)
		return err;
	zygote_listen(listener_fd);
	return 0;
}

int zygote_bell_fd(void)
{
	return bell_fd;
}
