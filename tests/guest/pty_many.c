/* Fifty pseudoterminals: numbers are unique, given again from the lowest, and each has its own data. */
#include "tty.h"
#include <sys/stat.h>

#define N 50

int main(void)
{
	static int m[N], s[N], nr[N];
	char name[64], buf[64], want[64];
	int zero = 0, bad = 0, same = 0, again = -1;
	struct stat st;

	for (int i = 0; i < N; i++) {
		m[i] = open("/dev/ptmx", O_RDWR | O_NOCTTY);
		ioctl(m[i], TIOCSPTLCK, &zero);
		ioctl(m[i], TIOCGPTN, &nr[i]);
		s[i] = ioctl(m[i], TIOCGPTPEER, O_RDWR | O_NOCTTY);
		bad += m[i] < 0 || s[i] < 0;
		for (int j = 0; j < i; j++)
			same += nr[i] == nr[j];
	}
	SHOW(bad);
	SHOW(same);
	for (int i = 0; i < N; i++) {
		snprintf(buf, sizeof(buf), "this is %d\n", i);
		write(m[i], buf, strlen(buf));
	}
	for (int i = N - 1; i >= 0; i--) {
		long n = ready(s[i], 500) ? read(s[i], buf, sizeof(buf) - 1) : 0;

		buf[n] = 0;
		snprintf(want, sizeof(want), "this is %d\n", i);
		bad += strcmp(buf, want) != 0;
	}
	SHOW(bad);
	for (int i = 0; i < N; i++) {
		snprintf(name, sizeof(name), "/dev/pts/%d", nr[i]);
		bad += stat(name, &st) != 0;
	}
	SHOW(bad);
	close(s[20]);
	close(m[20]);
	snprintf(name, sizeof(name), "/dev/pts/%d", nr[20]);
	SHOW(stat(name, &st));
	m[20] = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	ioctl(m[20], TIOCGPTN, &again);
	SHOW(again <= nr[20] || again > nr[N - 1]);
	for (int i = 0; i < N; i++)
		close(m[i]);
	for (int i = 0; i < N; i++)
		bad += i != 20 && read(s[i], buf, 1) != 0;
	SHOW(bad);
	return 0;
}
