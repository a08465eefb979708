/* Scripts: the line's forms, arguments, interpreters that are scripts, too deep ones, and what cannot run. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "show.h"

static void file(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0700);

	write(fd, text, strlen(text));
	close(fd);
	chmod(name, mode);
}

static void run(const char *name)
{
	char *argv[] = { "zero", "one", "two words", NULL }, *envp[] = { NULL };
	int status;
	pid_t pid;

	printf("%s:\n", name);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		execve(name, argv, envp);
		printf(" %s\n", errno_name(errno));
		fflush(stdout);
		_exit(100);
	}
	waitpid(pid, &status, 0);
	printf(" status %x\n", status);
}

int main(int argc, char **argv)
{
	char path[4096], text[9000], link[64];

	if (argc > 1 || strcmp(argv[0], "args") == 0) {
		for (int i = 0; i < argc; i++)
			printf(" [%.60s]\n", argv[i]);
		return argc;
	}
	path[readlink("/proc/self/exe", path, sizeof(path) - 1)] = 0;
	symlink(path, "args");
	file("plain", "#!args\n", 0755);
	run("plain");
	run("./plain");
	file("arg", "#! args  x  y z \t\nrest", 0755);
	run("arg");
	file("tab", "#!\targs\tx", 0755);
	run("tab");
	file("noeol", "#!args", 0755);
	run("noeol");
	file("empty", "#!\n", 0755);
	run("empty");
	file("blank", "#!   \t\n", 0755);
	run("blank");
	file("nothing", "", 0755);
	run("nothing");
	file("text", "echo hello\n", 0755);
	run("text");
	file("missing", "#!/no/such/program\n", 0755);
	run("missing");
	file("dir", "#!/\n", 0755);
	run("dir");
	file("crlf", "#!args\r\n", 0755);
	run("crlf");
	file("notx", "#!args\n", 0644);
	run("notx");
	file("interpnotx", "#!notx\n", 0755);
	run("interpnotx");
	file("nul", "#!args", 0755);
	truncate("nul", 300);
	run("nul");
	/* Interpreters that are scripts. */
	file("s1", "#!args a1\n", 0755);
	for (int i = 2; i < 9; i++) {
		snprintf(text, sizeof(text), "#!s%d a%d\n", i - 1, i);
		snprintf(link, sizeof(link), "s%d", i);
		file(link, text, 0755);
		run(link);
	}
	file("self", "#!self\n", 0755);
	run("self");
	/* Around the 256 bytes that are looked at. */
	for (int len = 250; len < 260; len++) {
		memset(text, 'a', sizeof(text));
		memcpy(text, "#!args ", 7);
		text[len] = 0;
		snprintf(link, sizeof(link), "long%d", len);
		file(link, text, 0755);
		run(link);
		memset(text, 'a', sizeof(text));
		memcpy(text, "#!", 2);
		text[len] = 0;
		snprintf(link, sizeof(link), "name%d", len);
		file(link, text, 0755);
		run(link);
	}
	return 0;
}
