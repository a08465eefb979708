/* Core files where the process works (core(5)): who gets one, the status that wait(2) tells, what is in the way, and what the
 * file is. */
/* musl */
// host-file: /proc/sys/kernel/core_pattern core
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char mark[] = "written before the end";

/* What the pattern makes of this process's number: "core", or "core.PID" by kernel.core_uses_pid. */
static void core_name(char *name, size_t size, pid_t pid)
{
	snprintf(name, size, "core");
	if (access(name, F_OK))
		snprintf(name, size, "core.%d", (int)pid);
}

/* The file holds the marked bytes where its headers say that they are. */
static const char *content(const char *name)
{
	int fd = open(name, O_RDONLY);
	char got[sizeof(mark)];
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	unsigned long at = (unsigned long)mark;

	if (fd < 0 || read(fd, &eh, sizeof(eh)) != sizeof(eh) || memcmp(eh.e_ident, ELFMAG, SELFMAG) || eh.e_type != ET_CORE)
		return "no core file";
	for (int i = 0; i < eh.e_phnum; i++) {
		pread(fd, &ph, sizeof(ph), (off_t)(eh.e_phoff + (unsigned long)i * sizeof(ph)));
		if (ph.p_type != PT_LOAD || at < ph.p_vaddr || at >= ph.p_vaddr + ph.p_filesz)
			continue;
		pread(fd, got, sizeof(got), (off_t)(ph.p_offset + at - ph.p_vaddr));
		close(fd);
		return memcmp(got, "WRITTEN", 7) ? "other bytes" : "the bytes of the end";
	}
	close(fd);
	return "the bytes are not in it";
}

static void run(const char *what, int sig, rlim_t limit, int dumpable, const char *prepare)
{
	struct rlimit rl = { limit, RLIM_INFINITY };
	char name[40];
	struct stat st;
	siginfo_t si;
	pid_t pid = fork();

	if (!pid) {
		if (prepare && (mkdir("inner", 0700) || chdir("inner")))
			_exit(1);
		if (prepare && !strcmp(prepare, "link") && symlink("elsewhere", "core"))
			_exit(2);
		if (prepare && !strcmp(prepare, "directory") && mkdir("core", 0700))
			_exit(3);
		if (prepare && !strcmp(prepare, "file") && close(open("core", O_CREAT | O_WRONLY, 0666)))
			_exit(4);
		setrlimit(RLIMIT_CORE, &rl);
		prctl(PR_SET_DUMPABLE, dumpable);
		memcpy(mark, "WRITTEN", 7);
		raise(sig);
		_exit(9);
	}
	waitid(P_PID, pid, &si, WEXITED);
	if (prepare && chdir("inner"))
		perror("inner");
	core_name(name, sizeof(name), pid);
	printf("%s: signal %d, %s", what, si.si_status, si.si_code == CLD_DUMPED ? "dumped" : si.si_code == CLD_KILLED ? "killed" : "?");
	if (lstat(name, &st))
		printf(", no file\n");
	else
		printf(", mode %o, %s\n", st.st_mode, S_ISREG(st.st_mode) && st.st_size > 1 << 15 ? content(name) : "small");
	if (unlink(name))
		rmdir(name);
	if (prepare && (unlink("elsewhere"), chdir("..") || rmdir("inner")))
		perror("inner");
}

int main(void)
{
	rlim_t all = RLIM_INFINITY;

	if (setrlimit(RLIMIT_CORE, &(struct rlimit){ all, all }))
		printf("no core files here\n");
	setvbuf(stdout, NULL, _IONBF, 0);
	run("abort", SIGABRT, all, 1, NULL);
	run("quit", SIGQUIT, all, 1, NULL);
	run("system call", SIGSYS, all, 1, NULL);
	run("terminated", SIGTERM, all, 1, NULL);
	run("killed", SIGKILL, all, 1, NULL);
	run("limit of 0", SIGSEGV, 0, 1, NULL);
	run("limit below a page", SIGSEGV, 4095, 1, NULL);
	run("not dumpable", SIGSEGV, all, 0, NULL);
	run("over a file", SIGSEGV, all, 1, "file");
	run("over a link", SIGSEGV, all, 1, "link");
	run("over a directory", SIGSEGV, all, 1, "directory");
	return 0;
}
