/* Futexes and the ends of tasks: waiters that are killed, exec and exit_group while others wait, robust lists that lie. */
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

#define FUTEX(uaddr, op, val) syscall(SYS_futex, uaddr, op, val, NULL, NULL, 0)

static uint32_t *s, local;

struct node { struct robust_list list; uint32_t word; };

static void *sleeps(void *arg)
{
	FUTEX(&local, FUTEX_WAIT_PRIVATE, 0);
	return arg;
}

static pid_t waiter(void)
{
	pid_t pid = fork();

	if (!pid) {
		s[1]++;
		_exit(FUTEX(s, FUTEX_WAIT, 0) ? 1 : 0);
	}
	return pid;
}

/* a child with this robust list ends; what became of the words */
static void robust(const char *what, void (*fill)(struct robust_list_head *, struct node *))
{
	struct node *n = (struct node *)(s + 64);
	struct robust_list_head *head = (struct robust_list_head *)(s + 512);
	int status;
	pid_t pid;

	memset(s + 64, 0, 2048);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		uint32_t tid = syscall(SYS_gettid);

		head->list.next = &head->list;
		head->futex_offset = offsetof(struct node, word);
		for (int i = 0; i < 3; i++)
			n[i].word = tid | (i ? FUTEX_WAITERS : 0);
		n[3].word = tid + 1;
		fill(head, n);
		syscall(SYS_set_robust_list, head, sizeof(*head));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	printf("%s: status %x,", what, status);
	for (int i = 0; i < 4; i++)
		printf(" %s%s%s", n[i].word & FUTEX_OWNER_DIED ? "died" : "-", n[i].word & FUTEX_WAITERS ? "+waiters" : "",
			n[i].word & FUTEX_TID_MASK ? "+tid" : "");
	printf("\n");
}

static void chain(struct robust_list_head *h, struct node *n)
{
	h->list.next = &n[0].list;
	n[0].list.next = &n[1].list;
	n[1].list.next = &h->list;
}

static void pending(struct robust_list_head *h, struct node *n)
{
	h->list_op_pending = &n[2].list;
}

static void both(struct robust_list_head *h, struct node *n)
{
	chain(h, n);
	h->list_op_pending = &n[1].list; /* in the list as well: once only */
}

static void foreign(struct robust_list_head *h, struct node *n)
{
	h->list.next = &n[3].list;
	n[3].list.next = &n[0].list;
	n[0].list.next = &h->list;
}

static void circle(struct robust_list_head *h, struct node *n)
{
	h->list.next = &n[0].list;
	n[0].list.next = &n[1].list;
	n[1].list.next = &n[0].list;
}

static void broken(struct robust_list_head *h, struct node *n)
{
	h->list.next = &n[0].list;
	n[0].list.next = (void *)8;
	h->list_op_pending = &n[2].list;
}

static void unaligned(struct robust_list_head *h, struct node *n)
{
	chain(h, n);
	h->futex_offset++;
}

static void pi_bit(struct robust_list_head *h, struct node *n)
{
	h->list.next = (void *)((uintptr_t)&n[1].list | 1);
	n[1].list.next = &h->list;
}

int main(void)
{
	pthread_t th;
	pid_t a, b;
	int status;

	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	a = waiter();
	while (((volatile uint32_t *)s)[1] < 1)
		usleep(500);
	usleep(20000);
	b = waiter();
	while (((volatile uint32_t *)s)[1] < 2)
		usleep(500);
	usleep(20000);
	kill(a, SIGKILL);
	waitpid(a, &status, 0);
	printf("killed %x\n", status);
	SHOW(FUTEX(s, FUTEX_WAKE, 10));
	waitpid(b, &status, 0);
	printf("the other %x\n", status);
	fflush(stdout);
	a = fork();
	if (!a) {
		for (int i = 0; i < 3; i++)
			pthread_create(&th, NULL, sleeps, NULL);
		usleep(10000);
		_exit(5);
	}
	waitpid(a, &status, 0);
	printf("exit_group %x\n", status);
	a = fork();
	if (!a) {
		for (int i = 0; i < 3; i++)
			pthread_create(&th, NULL, sleeps, NULL);
		usleep(10000);
		execl("/bin/true", "true", NULL);
	}
	waitpid(a, &status, 0);
	printf("execve %x\n", status);
	robust("chain", chain);
	robust("pending", pending);
	robust("both", both);
	robust("foreign", foreign);
	robust("circle", circle);
	robust("broken", broken);
	robust("unaligned", unaligned);
	robust("pi bit", pi_bit);
	return 0;
}
