/* umk-packetdrill: plays packetdrill scripts against umk's network stack, each in a fresh umk in virtual time.
 *
 *	umk-packetdrill [-D NAME=VALUE] [--OPTION=VALUE ...] FILE.pkt...
 *
 * The script itself is played by packetdrill-guest, a program inside umk; its shell lines run there, too. What is in %{ }% is
 * collected and run by the host's python3 when the script has passed. Each script is told as passed, failed or unsupported,
 * with the line; the last line sums up. Exit status 0 only if all passed. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIMIT_SECONDS 120
#define CODE_FD 9
#define CODE_MOST (16 << 20)
#define MOST_OPTIONS 64

enum verdict { PASSED, FAILED, UNSUPPORTED };

static char umk[PATH_MAX], guest[PATH_MAX];
static const char *options[MOST_OPTIONS], *umk_options[MOST_OPTIONS];
static int noptions, numk_options;

static void die(const char *what)
{
	fprintf(stderr, "umk-packetdrill: %s: %s\n", what, strerror(errno));
	exit(125);
}

/* The programs lie beside this one. */
static void find_programs(void)
{
	char self[PATH_MAX - 64];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n < 0)
		die("/proc/self/exe");
	self[n] = 0;
	slash = strrchr(self, '/');
	*slash = 0;
	snprintf(umk, sizeof(umk), "%s/umk", self);
	snprintf(guest, sizeof(guest), "%s/packetdrill-guest", self);
}

static char *read_all(int fd, size_t most)
{
	size_t size = 0, room = 65536;
	char *text = malloc(room + 1);
	ssize_t n;

	while (text && (n = read(fd, text + size, room - size)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		size += (size_t)n;
		if (size == room && room < most)
			text = realloc(text, (room *= 2) + 1);
		else if (size == room)
			break;
	}
	if (!text)
		die("reading");
	text[size] = 0;
	return text;
}

static void run_umk(const char *file, const int out[2], const int code[2])
{
	const char *argv[2 * MOST_OPTIONS + 16];
	char fd[16];
	int n = 0;

	argv[n++] = umk;
	argv[n++] = "--time=virtual";
	argv[n++] = "--seed=1";
	for (int i = 0; i < numk_options; i++)
		argv[n++] = umk_options[i];
	argv[n++] = "--";
	argv[n++] = guest;
	for (int i = 0; i < noptions; i++)
		argv[n++] = options[i];
	argv[n++] = file;
	argv[n] = NULL;
	snprintf(fd, sizeof(fd), "%d", CODE_FD);
	setenv("PACKETDRILL_CODE_FD", fd, 1);
	if (dup2(out[1], 1) < 0 || dup2(out[1], 2) < 0 || dup2(code[1], CODE_FD) < 0)
		_exit(125);
	close(out[0]);
	close(code[0]);
	close(code[1]);
	alarm(LIMIT_SECONDS);
	execv(umk, (char *const *)argv);
	fprintf(stderr, "%s: %s\n", umk, strerror(errno));
	_exit(125);
}

/* The last line of @text, which is cut there. */
static char *last_line(char *text)
{
	size_t len = strlen(text);
	char *line;

	while (len && text[len - 1] == '\n')
		text[--len] = 0;
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

/* Runs the script's Python. NULL, or what Python says. */
static char *run_python(const char *code)
{
	int in[2], out[2], status;
	char *text, *said, *where;
	pid_t pid;

	if (!*code)
		return NULL;
	if (pipe(in) || pipe(out))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		close(in[0]);
		close(in[1]);
		close(out[0]);
		close(out[1]);
		alarm(LIMIT_SECONDS);
		execlp("python3", "python3", "-", (char *)NULL);
		fprintf(stderr, "python3: %s\n", strerror(errno));
		_exit(125);
	}
	close(in[0]);
	close(out[1]);
	for (size_t done = 0, size = strlen(code); done < size;) {
		ssize_t n = write(in[1], code + done, size - done);

		if (n < 0)
			break; /* it has ended: its status tells */
		done += (size_t)n;
	}
	close(in[1]);
	text = read_all(out[0], CODE_MOST);
	close(out[0]);
	waitpid(pid, &status, 0);
	if (!status) {
		free(text);
		return NULL;
	}
	/* of a traceback: the script's line and the error */
	said = strdup(last_line(text));
	where = strstr(text, ".pkt\", line ");
	if (where) {
		char *line = NULL;

		if (asprintf(&line, "line %d: %s", atoi(where + strlen(".pkt\", line ")), said) > 0) {
			free(said);
			said = line;
		}
	}
	free(text);
	return said;
}

static enum verdict play(const char *file)
{
	int out[2], code[2], status;
	char *text, *python, *said;
	enum verdict v = PASSED;
	pid_t pid;

	if (pipe(out) || pipe(code))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid)
		run_umk(file, out, code);
	close(out[1]);
	close(code[1]);
	/* a script's output fits the pipe's buffer while its code is read, or it comes after it */
	python = read_all(code[0], CODE_MOST);
	text = read_all(out[0], CODE_MOST);
	close(out[0]);
	close(code[0]);
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status)) {
		printf("failed: %s: killed by signal %d\n", file, WTERMSIG(status));
		v = FAILED;
	} else if (WEXITSTATUS(status)) {
		v = WEXITSTATUS(status) == 2 ? UNSUPPORTED : FAILED;
		printf("%s: %s\n", v == FAILED ? "failed" : "unsupported", *text ? last_line(text) : file);
	} else if ((said = run_python(python))) {
		v = FAILED;
		printf("failed: %s: %s\n", file, said);
		free(said);
	} else {
		printf("passed: %s\n", file);
	}
	fflush(stdout);
	free(text);
	free(python);
	return v;
}

int main(int argc, char **argv)
{
	unsigned count[3] = { 0 };
	int i;

	find_programs();
	signal(SIGPIPE, SIG_IGN);
	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		bool umks = !strncmp(argv[i], "--trap=", 7) || !strncmp(argv[i], "--strace", 8) || !strncmp(argv[i], "--pcap", 6);

		if (noptions == MOST_OPTIONS || numk_options == MOST_OPTIONS) {
			fprintf(stderr, "umk-packetdrill: too many options\n");
			return 125;
		}
		if (umks) {
			umk_options[numk_options++] = argv[i];
		} else if (!strcmp(argv[i], "-D") && i + 1 < argc) {
			char *both = NULL;

			if (asprintf(&both, "-D%s", argv[++i]) < 0)
				die("memory");
			options[noptions++] = both;
		} else {
			options[noptions++] = argv[i];
		}
	}
	if (i == argc) {
		fprintf(stderr, "usage: umk-packetdrill [-D NAME=VALUE] [--OPTION=VALUE ...] FILE.pkt...\n");
		return 125;
	}
	for (; i < argc; i++)
		count[play(argv[i])]++;
	if (count[UNSUPPORTED])
		printf("%u unsupported\n", count[UNSUPPORTED]);
	printf("packetdrill: %u passed, %u failed\n", count[PASSED], count[FAILED] + count[UNSUPPORTED]);
	return count[FAILED] || count[UNSUPPORTED];
}
