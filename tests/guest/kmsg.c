/* The kernel's log: syslog(2), /dev/kmsg and /proc/kmsg, what they show, their blocking, their errors and who may use them. */
// host-skip: it would write to the machine's log and take from it
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/klog.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "show.h"

static char buf[200000];

static void nothing(int sig) { }

static void say(const char *text)
{
	int fd = open("/dev/kmsg", O_WRONLY);

	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		printf("write: %s\n", strerror(errno));
	close(fd);
}

/* The next record without its number and time. */
static void record(int fd)
{
	ssize_t n = read(fd, buf, sizeof(buf) - 1);
	char *text;

	if (n < 0) {
		printf("record: %s\n", strerror(errno));
		return;
	}
	buf[n] = 0;
	text = strchr(buf, ';');
	printf("record: %.*s%s", (int)(strchr(buf, ',') - buf), buf, text);
}

int main(void)
{
	struct pollfd p = { .events = POLLIN };
	int fd, status;
	long n;

	fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
	SHOW(fd >= 0);
	SHOW(lseek(fd, 0, SEEK_END));
	record(fd);
	p.fd = fd;
	SHOW(poll(&p, 1, 0));
	say("plain\n");
	say("<3>an error");
	say("<30>of a facility");
	say("tab\there and back\\slash");
	SHOW(poll(&p, 1, 0));
	SHOW(p.revents);
	for (int i = 0; i < 5; i++)
		record(fd);
	SHOW(read(fd, buf, 5));
	say("longer than five");
	SHOW(read(fd, buf, 5));
	record(fd);
	SHOW(lseek(fd, 1, SEEK_SET));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(lseek(fd, 0, SEEK_SET));
	record(fd);
	memset(buf, 'x', 2000);
	SHOW(write(fd, buf, 1024));
	SHOW(write(fd, buf, 1025));
	SHOW(write(fd, (void *)8, 10));
	/* what all get */
	n = klogctl(3, buf, sizeof(buf));
	buf[n > 0 ? n : 0] = 0;
	SHOW(strncmp(buf, "<5>[", 4));
	SHOW(strstr(buf, "] an error\n") != NULL);
	SHOW(strstr(buf, "<30>[") != NULL);
	SHOW(klogctl(5, NULL, 0));
	SHOW(klogctl(3, buf, sizeof(buf)));
	say("after the clearing");
	n = klogctl(4, buf, sizeof(buf));
	buf[n > 0 ? n : 0] = 0;
	printf("%s", strchr(buf, ']') + 2);
	SHOW(klogctl(3, buf, sizeof(buf)));
	SHOW(lseek(fd, 0, SEEK_DATA));
	record(fd);
	/* the last that fits */
	say("one");
	say("two");
	n = klogctl(3, buf, 30);
	buf[n > 0 ? n : 0] = 0;
	printf("%s", strchr(buf, ']') + 2);
	/* taking */
	SHOW(klogctl(9, NULL, 0) > 0);
	SHOW(klogctl(2, buf, 7));
	while (klogctl(9, NULL, 0) > 0 && klogctl(2, buf, sizeof(buf)) > 0)
		;
	SHOW(klogctl(9, NULL, 0));
	fflush(stdout);
	if (!fork()) {
		n = klogctl(2, buf, sizeof(buf) - 1);
		buf[n > 0 ? n : 0] = 0;
		printf("woken: %s", strchr(buf, ']') + 2);
		fflush(stdout);
		_exit(0);
	}
	say("for the sleeper");
	wait(&status);
	close(fd);
	fd = open("/proc/kmsg", O_RDONLY | O_NONBLOCK);
	p.fd = fd;
	SHOW(poll(&p, 1, 0));
	SHOW(read(fd, buf, sizeof(buf)));
	say("by proc");
	SHOW(poll(&p, 1, 0));
	n = read(fd, buf, sizeof(buf) - 1);
	buf[n > 0 ? n : 0] = 0;
	printf("%s", strchr(buf, ']') + 2);
	/* a signal ends the wait */
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = nothing }, NULL);
	setitimer(ITIMER_REAL, &(struct itimerval){ { 0, 50000 }, { 0, 50000 } }, NULL);
	SHOW(klogctl(2, buf, sizeof(buf)));
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	/* a ring: the oldest go */
	close(fd);
	fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
	for (int i = 0; i < 3000; i++) {
		sprintf(buf, "number %d of those that are too many for the ring, so that the first must go", i);
		say(buf);
	}
	SHOW(read(fd, buf, sizeof(buf)));
	n = read(fd, buf, sizeof(buf));
	SHOW(n > 0 && strstr(buf, "number ") != NULL);
	for (n = 0; read(fd, buf, sizeof(buf)) > 0; n++)
		;
	SHOW(n > 1000 && n < 3000);
	SHOW(strstr(buf, "number 2999") != NULL);
	/* errors */
	SHOW(klogctl(0, NULL, 0));
	SHOW(klogctl(1, NULL, 0));
	SHOW(klogctl(2, NULL, 5));
	SHOW(klogctl(3, buf, -1));
	SHOW(klogctl(3, buf, 0));
	SHOW(klogctl(3, (char *)-4096, 100));
	SHOW(klogctl(6, NULL, 0));
	SHOW(klogctl(7, NULL, 0));
	SHOW(klogctl(8, NULL, 0));
	SHOW(klogctl(8, NULL, 9));
	SHOW(klogctl(8, NULL, 7));
	SHOW(klogctl(10, NULL, 0));
	SHOW(klogctl(11, NULL, 0));
	SHOW(klogctl(-1, NULL, 0));
	SHOW(setresuid(1234, 1234, 1234));
	SHOW(klogctl(3, buf, sizeof(buf)));
	SHOW(klogctl(11, NULL, 0));
	SHOW(open("/dev/kmsg", O_RDONLY));
	SHOW(open("/proc/kmsg", O_RDONLY));
	return 0;
}
