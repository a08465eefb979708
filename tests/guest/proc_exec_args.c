/* argv and envp as a new program finds them: none, empty, many, long; comm, and the order of strings in memory. */
/* musl */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include "show.h"

extern char **environ;
static char *self;

static int report(int argc, char **argv)
{
	unsigned long sum = 0, bytes = 0;
	char comm[16], **e, *end = argv[0];
	int n, ordered = 1;

	for (int i = 0; i < argc; i++) {
		ordered &= argv[i] == end;
		end = argv[i] + strlen(argv[i]) + 1;
	}
	for (e = environ, n = 0; *e; e++, n++) {
		ordered &= *e == end;
		end = *e + strlen(*e) + 1;
	}
	for (char *p = argv[0]; p < end; p++, bytes++)
		sum = sum * 31 + (unsigned char)*p;
	prctl(PR_GET_NAME, comm);
	printf("argc %d, envc %d, argv[argc] %s, in a row %d, bytes %lu, sum %lx, comm %s\n", argc, n,
		argv[argc] ? "set" : "null", ordered, bytes, sum, comm);
	for (int i = 0; i < argc && i < 4; i++)
		printf(" argv[%d] \"%.20s\"\n", i, argv[i]);
	for (int i = 0; i < n && i < 3; i++)
		printf(" envp[%d] \"%.20s\"\n", i, environ[i]);
	fflush(stdout);
	return argc;
}

static void run(char **argv, char **envp)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execve(self, argv, envp);
		printf("execve: %s\n", errno_name(errno));
		fflush(stdout);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	printf("status %x\n", status);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	static char *many[20002], longest[131072], name[64];
	char *none[] = { NULL };

	if (argv[0][0] != '/')
		return report(argc, argv);
	/* Links with known names, so that nothing depends on where the program lies. */
	self = realpath("/proc/self/exe", NULL);
	symlink(self, "a.program.with.a.long.name");
	symlink(self, "p");
	self = "./a.program.with.a.long.name";
	run((char *[]){ "a", "b", "", "d e", NULL }, (char *[]){ "X=1", "Y", "", NULL });
	self = "p";
	run(none, none);
	run(NULL, NULL);
	run((char *[]){ "", NULL }, NULL);
	run((char *[]){ NULL, "hidden", NULL }, (char *[]){ "A=B", NULL });
	snprintf(name, sizeof(name), "%s", "word");
	for (int i = 0; i < 20000; i++)
		many[i] = name;
	run(many, many);
	memset(longest, 'x', sizeof(longest) - 1);
	run((char *[]){ "a", longest, NULL }, (char *[]){ longest, NULL });
	return 0;
}
