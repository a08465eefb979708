/* deadline SECONDS PROGRAM [ARG...]: the program, which SIGALRM ends after so many seconds. Unlike timeout(1) there is no
 * second process that could be killed before it has done its duty: an alarm outlives execve. */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	alarm(atoi(argv[1]));
	execvp(argv[2], argv + 2);
	return 127;
}
