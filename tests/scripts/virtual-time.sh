#!/bin/sh
# --time=virtual: sleeping takes no time, and what a program measures does not depend on the machine.
cat >t.c <<'C'
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static struct timespec last;
static void show(const char *what)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	long ns = (now.tv_sec - last.tv_sec) * 1000000000 + now.tv_nsec - last.tv_nsec;
	printf("%s %ld.%09ld\n", what, ns / 1000000000, ns % 1000000000);
	fflush(stdout);
	last = now;
}
static void nothing(int s) { (void)s; }
int main(void)
{
	clock_gettime(CLOCK_MONOTONIC, &last);
	sleep(86400);
	show("sleep");
	if (!fork()) {
		sleep(10);
		_exit(0);
	}
	poll(NULL, 0, 3500);
	show("poll");
	wait(NULL);
	show("wait");
	signal(SIGALRM, nothing);
	alarm(5);
	pause();
	show("alarm");
	/* a loop that looks at the clock ends */
	time_t t = time(NULL);
	alarm(2);
	while (time(NULL) == t)
		;
	/* so does one that makes no call */
	volatile unsigned long n = 0;
	if (!fork()) {
		signal(SIGALRM, SIG_DFL);
		alarm(1);
		for (;;)
			n++;
	}
	int status;
	wait(&status);
	printf("child %d\n", WTERMSIG(status));
	t = time(NULL);
	printf("%ld\n", (long)(t / 31536000));
	return 0;
}
C
gcc -O1 -static -o t t.c -w || exit 1
cat >want <<'E'
sleep 86400.000000000
poll 3.500000000
wait 6.500000000
alarm 5.000000000
child 14
55
E
for trap in seccomp ptrace; do
	timeout -k 5 60 "$UMK" --trap=$trap --time=virtual ./t >got || { echo "$trap: exit $?"; exit 1; }
	cmp -s want got || { echo "$trap:"; diff want got; exit 1; }
done
# with a reader that waits for the host's input, too
out=$( (sleep 0.3; echo late) | timeout 60 "$UMK" --time=virtual busybox sh -c 'busybox sleep 1000; read x; echo $x')
[ "$out" = late ] || { echo "input: $out"; exit 1; }
