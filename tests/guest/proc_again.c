/* One process after another, forked and executed: none finds anything of the ones before it, whatever they left in memory,
 * registers and signal state, and a program file that has changed is run as it is now. */
// musl
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 24
#define PLACE ((char *)0x200000000000)
#define SIZE (64 * 4096)

static const char marker[] = "marker:first";
static char zeroes[40000];
static int number = 7;
static char *heap;
static sigjmp_buf out;

static void on_fault(int sig)
{
	siglongjmp(out, sig);
}

/* Is there nothing at @p, as a load tells? */
static int absent(const volatile char *p)
{
	struct sigaction sa = { .sa_handler = on_fault }, before;
	int sig;

	sigaction(SIGSEGV, &sa, &before);
	sig = sigsetjmp(out, 1);
	if (!sig)
		(void)*p;
	sigaction(SIGSEGV, &before, NULL);
	return sig == SIGSEGV;
}

/* What a process finds that was just made or executed: a bit for each thing that is wrong. */
static int inspect(int executed)
{
	stack_t alt;
	sigset_t mask;
	int wrong = 0;

	for (unsigned i = 0; i < sizeof(zeroes); i += 500)
		wrong |= zeroes[i] ? 1 : 0;
	wrong |= number != 7 ? 2 : 0;
	wrong |= (__builtin_ia32_stmxcsr() & ~0x3fu) != 0x1f80 ? 4 : 0;
	for (int i = 0; i < 8; i++)
		wrong |= !absent(PLACE + i * (SIZE / 8)) || !absent(PLACE - 4096) || !absent(PLACE + SIZE) ? 8 : 0;
	sigaltstack(NULL, &alt);
	wrong |= alt.ss_flags != SS_DISABLE ? 16 : 0;
	sigprocmask(SIG_SETMASK, NULL, &mask);
	wrong |= sigismember(&mask, SIGUSR1) ? 32 : 0;
	if (executed) {
		heap = malloc(100000);
		for (int i = 0; i < 100000; i += 1000)
			wrong |= heap[i] ? 64 : 0;
	} else {
		wrong |= strcmp(heap, "parent's") ? 64 : 0;
	}
	return wrong;
}

static void *thread(void *arg)
{
	memset(arg, 5, 4096);
	return arg;
}

/* Leaves as much behind as it can. */
static void leave_traces(int round)
{
	static char stack[65536];
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	sigset_t mask;
	pthread_t t;
	char *p;

	memset(zeroes, 1 + round, sizeof(zeroes));
	number = round;
	__builtin_ia32_ldmxcsr(0x5f80);
	p = mmap(PLACE, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	if (p != PLACE)
		_exit(100);
	memset(p, 1 + round, SIZE);
	if (round % 3 == 0)
		mprotect(p + 4096, 4096, PROT_READ);
	if (round % 3 == 1)
		munmap(p + 8192, 4096);
	sigaltstack(&alt, NULL);
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	strcpy(heap, "child's");
	if (round % 4 == 2 && !pthread_create(&t, NULL, thread, zeroes))
		pthread_join(t, NULL);
}

static int status_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

/* A forked child: wait status, its own or after an execve of @program. */
static int child(int round, const char *program)
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("fork");
		exit(1);
	}
	if (!pid) {
		int wrong = inspect(0);
		char text[16];

		if (wrong)
			_exit(wrong);
		leave_traces(round);
		if (program) {
			sigset_t none;
			stack_t off = { .ss_flags = SS_DISABLE };

			sigaltstack(&off, NULL);
			sigemptyset(&none);
			sigprocmask(SIG_SETMASK, &none, NULL);
			snprintf(text, sizeof(text), "%d", round);
			execl(program, program, text, NULL);
			_exit(101);
		}
		if (round % 5 == 4) {
			kill(getpid(), SIGKILL);
			_exit(102);
		}
		_exit(0);
	}
	return status_of(pid);
}

/* A vfork child, too, gets a clean program and leaves the parent's memory alone. */
static int vforked(const char *program)
{
	pid_t pid = vfork();

	if (!pid) {
		execl(program, program, "-1", NULL);
		_exit(101);
	}
	return status_of(pid);
}

static void copy_self(const char *to)
{
	char buf[65536];
	int in = open("/proc/self/exe", O_RDONLY), fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0755);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		if (write(fd, buf, n) != n)
			exit(1);
	close(in);
	close(fd);
}

/* Writes @text over the marker in the program file. */
static int patch(const char *file, const char *text)
{
	static char buf[8 << 20];
	int fd = open(file, O_RDWR), hits = 0;
	ssize_t size = read(fd, buf, sizeof(buf));

	for (ssize_t i = 0; i + (ssize_t)sizeof(marker) <= size; i++) {
		if (memcmp(buf + i, "marker", 6) || buf[i + 6] != ':' || strlen(buf + i) != sizeof(marker) - 1)
			continue;
		if (pwrite(fd, text, strlen(text), i) == (ssize_t)strlen(text))
			hits++;
	}
	close(fd);
	return hits;
}

static void run_and_print(const char *what, const char *program)
{
	int status;

	fflush(stdout);
	status = child(0, program);
	printf("%s: %d\n", what, status);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int sum = 0;

	if (argc > 1 && !strcmp(argv[1], "0")) {
		printf("%s\n", marker);
		fflush(stdout);
	}
	if (argc > 1) {
		int wrong = inspect(1);

		heap[0] = 0;
		leave_traces(atoi(argv[1]) & 0xff);
		_exit(wrong);
	}
	heap = malloc(64);
	strcpy(heap, "parent's");
	copy_self("program");
	copy_self("other");
	for (int i = 0; i < ROUNDS; i++)
		sum += child(i, NULL) == (i % 5 == 4 ? SIGKILL : 0);
	printf("forked: %d of %d\n", sum, ROUNDS);
	sum = 0;
	for (int i = 1; i <= ROUNDS; i++)
		sum += !child(i, i % 3 ? "./program" : "./other");
	printf("executed: %d of %d\n", sum, ROUNDS);
	sum = 0;
	for (int i = 0; i < ROUNDS; i++)
		sum += !vforked(i % 2 ? "./program" : "./other") && !strcmp(heap, "parent's") && inspect(0) == 0;
	printf("vforked: %d of %d\n", sum, ROUNDS);
	run_and_print("as it was", "./program");
	printf("patched: %d\n", patch("program", "marker:again") > 0);
	run_and_print("changed", "./program");
	run_and_print("the other", "./other");
	unlink("program");
	copy_self("program");
	run_and_print("replaced", "./program");
	unlink("program");
	unlink("other");
	return 0;
}
