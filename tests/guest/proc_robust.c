/* The robust list at the end of a thread, at execve, and with hostile lists. */
#include <linux/futex.h>
#include <stddef.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "show.h"

struct entry {
	struct robust_list list;
	int word;
};
static struct shared {
	struct robust_list_head head;
	struct entry e[8];
} *s;

static void set(int count)
{
	s->head.list.next = &s->e[0].list;
	s->head.futex_offset = offsetof(struct entry, word);
	s->head.list_op_pending = NULL;
	for (int i = 0; i < count; i++) {
		s->e[i].list.next = i + 1 < count ? &s->e[i + 1].list : &s->head.list;
		s->e[i].word = getpid();
	}
	syscall(SYS_set_robust_list, &s->head, sizeof(s->head));
}

static void show(const char *what, int count)
{
	printf("%s:", what);
	for (int i = 0; i < count; i++)
		printf(" %s%s", s->e[i].word & FUTEX_OWNER_DIED ? "died" : s->e[i].word ? "kept" : "0",
			s->e[i].word & FUTEX_WAITERS ? "+waiters" : "");
	printf("\n");
	fflush(stdout);
}

int main(void)
{
	char *argv[] = { "sh", "-c", "exit 3", NULL }, *envp[] = { NULL };
	struct robust_list_head *head;
	int status;
	size_t len;

	s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	SHOW(syscall(SYS_set_robust_list, &s->head, 23));
	SHOW(syscall(SYS_set_robust_list, NULL, 24));
	SHOW(syscall(SYS_get_robust_list, 0, &head, &len));
	SHOW(head == NULL && len == 24);
	SHOW(syscall(SYS_get_robust_list, 999999, &head, &len));
	SHOW(syscall(SYS_get_robust_list, 0, BAD_PTR, &len));
	SHOW(syscall(SYS_get_robust_list, 0, &head, BAD_PTR));
	for (int how = 0; how < 9; how++) {
		pid_t pid = fork();

		if (!pid) {
			set(4);
			switch (how) {
			case 0: _exit(0);
			case 1: raise(SIGKILL); break;
			case 2: execve("/bin/sh", argv, envp); break;
			case 3: s->e[1].word = getpid() + 1; s->e[2].word |= (int)FUTEX_WAITERS; _exit(0);
			case 4: s->e[3].list.next = &s->e[0].list; _exit(0); /* no end */
			case 5: s->e[1].list.next = BAD_PTR; _exit(0);
			case 6: s->head.list_op_pending = &s->e[5].list; s->e[5].word = getpid(); _exit(0);
			case 7: s->head.futex_offset = 1; _exit(0);
			case 8: syscall(SYS_set_robust_list, 8, 24); _exit(0);
			}
		}
		waitpid(pid, &status, 0);
		printf("%d ", how);
		show("words", 6);
		memset(s, 0, sizeof(*s));
	}
	return 0;
}
