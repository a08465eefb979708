/* The zygote: a process without libc whose address space is already what a new guest needs, and which forks on demand.
 * Its children belong to umk (CLONE_PARENT). Children unmap this code and its data before they run guest code; until
 * then, and in the zygote itself, the filter lets every call made from here pass. */
#include "stub.h"
#include "rawcall.h"
#include <linux/filter.h>
#include <linux/membarrier.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <asm/errno.h>
#include <asm/signal.h>
#include <asm/unistd.h>

#define AT_NULL 0
#define AT_SYSINFO_EHDR 33
#define NO_FD (-4096) /* no errno */

static u8 stack[8192] __attribute__((used, aligned(16)));
static struct zygote_setup setup;

/* The way in from exec: the first stack is about to be unmapped. */
__asm__(".globl zygote_start\n"
	".type zygote_start, @function\n"
	"zygote_start:\n"
	"	movq %rsp, %rdi\n"
	"	leaq stack+8192(%rip), %rsp\n"
	"	xorl %ebp, %ebp\n"
	"	call zygote_main\n"
	"	ud2\n"
	".size zygote_start, . - zygote_start\n");

/* void stub_child_start(area): gives the zygote's pages up, from stub text, and becomes the thread of @area. */
void __noreturn stub_child_start(u64 area);
__asm__(".pushsection .stub.gadget, \"ax\", @progbits\n"
	".p2align 4\n"
	".globl stub_child_start\n"
	".type stub_child_start, @function\n"
	"stub_child_start:\n"
	"	movq %rdi, %rbx\n"
	"	movabsq $0x7fffe0080000, %rdi\n"
	"	movl $0x80000, %esi\n"
	"	movl $11, %eax\n" /* munmap */
	"	syscall\n"
	"	movq %rbx, %rdi\n"
	"	jmp stub_thread_start\n"
	".size stub_child_start, . - stub_child_start\n"
	".popsection\n");
BUILD_BUG_ON(STUB_ZYGOTE != 0x7fffe0080000 || STUB_ZYGOTE_SIZE != 0x80000);

static void __noreturn quit(int status)
{
	for (;;)
		RAW(__NR_exit_group, status, 0, 0);
}

/* umk's end of the socket closed: umk is gone. */
static void receive(void *buf, long size)
{
	long n;

	do
		n = RAW(__NR_read, STUB_ZYGOTE_FD, buf, size);
	while (n == -EINTR);
	if (n != size)
		quit(0);
}

static void send(const void *buf, long size)
{
	while (RAW(__NR_write, STUB_ZYGOTE_FD, buf, size) == -EINTR)
		;
}

/* Installs the filter; returns the listener for the calls that umk is asked about, -1 if the filter has none, or -errno. */
static long install_filter(void)
{
	struct stub_ctl *ctl = (struct stub_ctl *)STUB_CTL;
	struct sock_fprog prog = { .len = (unsigned short)ctl->filter_len, .filter = (struct sock_filter *)ctl->filter };
	/* Guests are not to pay for speculation mitigations that they would not have natively. */
	long flags = SECCOMP_FILTER_FLAG_SPEC_ALLOW, r;

	if (setup.use_listener)
		return RAW(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
	r = RAW(__NR_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog);
	if (r == -ENOSYS || r == -EINVAL)
		r = RAW(__NR_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog);
	return r ? r : NO_FD;
}

/* For the ptrace backend: SYSEMU does not see the calls of the vsyscall page, a filter does. Not having it costs that only. */
static void trap_vsyscalls(void)
{
	static const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = ARRAY_SIZE(code), .filter = (struct sock_filter *)code };

	RAW(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &prog);
}

/* The layouts of sendmsg(2): libc's names, not in the kernel's headers. */
static void send_with_fd(const void *buf, u64 size, int fd)
{
	struct { const void *base; u64 len; } iov = { buf, size };
	struct { u64 len; int level, type, fd, pad; } cmsg = { 20, 1 /* SOL_SOCKET */, 1 /* SCM_RIGHTS */, fd, 0 };
	struct { void *name; u64 namelen; void *iov; u64 iovlen; void *control; u64 controllen; u64 flags; } msg = {
		0, 0, &iov, 1, &cmsg, sizeof(cmsg), 0
	};

	while (RAW(__NR_sendmsg, STUB_ZYGOTE_FD, &msg, 0) == -EINTR)
		;
}

static long set_up(int *listener)
{
	long r;

	for (u32 i = 0; i < setup.nr_drop && i < ZYGOTE_MAX_RANGES; i++) {
		r = RAW(__NR_munmap, setup.drop[i].start, setup.drop[i].size, 0);
		if (r)
			return r;
	}
	for (u32 i = 0; i < setup.nr_move && i < ZYGOTE_MAX_RANGES; i++) {
		r = raw_call(__NR_mremap, (long)setup.move[i].start, (long)setup.move[i].size, (long)setup.move[i].size,
			MREMAP_MAYMOVE | MREMAP_FIXED, (long)setup.move[i].to, 0);
		if (r != (long)setup.move[i].to)
			return r;
	}
	/* For umk's barriers (host_membarrier); forks inherit it. A host without it says so to umk, too. */
	RAW(__NR_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0);
	r = raw_call(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0);
	if (r)
		return r;
	if (setup.use_filter) {
		r = raw_call(__NR_mmap, STUB_CTL, STUB_CTL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, STUB_CTL_FD, 0);
		if (r != STUB_CTL)
			return r;
		r = stub_install_handlers();
		if (!r)
			r = install_filter();
		if (r >= 0 || r == NO_FD) {
			*listener = (int)r;
			r = 0;
		}
	} else {
		trap_vsyscalls();
		RAW(__NR_close, STUB_BELL_FD, 0, 0);
	}
	RAW(__NR_close, STUB_CTL_FD, 0, 0);
	return r;
}

static void __noreturn child(u32 area)
{
	RAW(__NR_close, STUB_ZYGOTE_FD, 0, 0);
	RAW(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL, 0);
	if (RAW(__NR_getppid, 0, 0, 0) != (long)setup.umk_pid)
		quit(0); /* umk ended before the line above */
	if (setup.use_filter)
		stub_child_start(STUB_AREAS + ((u64)area << STUB_AREA_SHIFT));
	for (;;)
		RAW(__NR_pause, 0, 0, 0);
}

void __noreturn zygote_main(u64 *sp);
void __noreturn zygote_main(u64 *sp)
{
	struct zygote_hello hello = { 0 };
	int listener = NO_FD;
	s64 answer;
	u32 area;

	sp += 1 + *sp + 1;      /* argc, argv, NULL */
	while (*sp++)           /* envp, NULL */
		;
	for (; sp[0] != AT_NULL; sp += 2)
		if (sp[0] == AT_SYSINFO_EHDR)
			hello.vdso = sp[1];
	RAW(__NR_prctl, PR_SET_NAME, "umk-stub", 0);
	send(&hello, sizeof(hello));
	receive(&setup, sizeof(setup));
	answer = set_up(&listener);
	if (listener >= 0) {
		send_with_fd(&answer, sizeof(answer), listener);
		RAW(__NR_close, listener, 0, 0);
	} else {
		send(&answer, sizeof(answer));
	}
	if (answer)
		quit(1);
	for (;;) {
		receive(&area, sizeof(area));
		answer = RAW(__NR_clone, CLONE_PARENT | SIGCHLD, 0, 0);
		if (!answer)
			child(area);
		send(&answer, sizeof(answer));
	}
}
