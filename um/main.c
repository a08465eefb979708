/* umk's entry on the host: reads the command line, prepares the process in the order that the parts need, chooses a trap
 * backend, and hands over to kernel_main(). Holds the state that says which backend it is, and the way out. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <sys/utsname.h>

#include "dirwatch.h"
#include "um.h"

#ifndef UMK_VERSION
#define UMK_VERSION "0.2"
#endif
#define GUEST_RELEASE "6.12.0"

#ifndef AT_MINSIGSTKSZ
#define AT_MINSIGSTKSZ 51
#endif
struct host_info host_info;
struct umk_options umk_options;
struct trap_layout trap_layout;
const struct trap_ops *trap;
const struct backend *backend;

bool um_leaving;

static struct um_config config;
static struct utsname host_name;

/* What the host's kernel says, in the vector behind the environment: the C library's getauxval() gives a value of its own. */
static u32 auxv_hwcap(char **envp)
{
	unsigned long *entry;

	while (*envp)
		envp++;
	for (entry = (unsigned long *)(envp + 1); entry[0] != AT_NULL; entry += 2)
		if (entry[0] == AT_HWCAP)
			return (u32)entry[1];
	return 0;
}

static void info_init(char **envp)
{
	host_info.clk_tck = 100;
	host_info.kernel_version = GUEST_RELEASE;
	if (!uname(&host_name))
		host_info.nodename = host_name.nodename;
	host_info.hwcap = auxv_hwcap(envp);
	host_info.hwcap2 = (u32)getauxval(AT_HWCAP2);
	host_info.minsigstksz = (u32)getauxval(AT_MINSIGSTKSZ);
	if (!host_info.minsigstksz)
		host_info.minsigstksz = 2048;
#if defined(__SANITIZE_ADDRESS__)
	host_info.sanitized = true;
#endif
}

static int drop_backend(int err)
{
	if (backend->shutdown)
		backend->shutdown();
	backend = NULL;
	return err;
}

/* @why: it is known already that it does not work. */
static int try_backend(const struct backend *b, const char *why)
{
	int err;

	if (why) {
		um_reason("%s", why);
		return -EPERM;
	}
	backend = b;
	trap = b->ops;
	cpu_choose(b->can_spin);
	err = b->init();
	return err ? drop_backend(err) : 0;
}

static void seccomp_failed(int err)
{
	if (config.trap == TRAP_USE_SECCOMP)
		um_die(125, "--trap=seccomp does not work here: %s", um_reason_text(err));
	um_message("--trap=seccomp does not work here: %s; using --trap=ptrace", um_reason_text(err));
}

static void ptrace_failed(int err)
{
	um_die(125, "--trap=ptrace does not work here: %s", um_reason_text(err));
}

static void use_ptrace(void)
{
	int err = try_backend(&ptrace_backend, probe_ptrace());

	if (err)
		ptrace_failed(err);
}

static void choose_backend(void)
{
	int err;

	if (config.trap != TRAP_USE_PTRACE) {
		err = try_backend(&seccomp_backend, probe_seccomp());
		if (!err)
			return;
		seccomp_failed(err);
	}
	use_ptrace();
}

void host_guests_ready(void)
{
	int err = backend->ready();

	if (err && backend == &seccomp_backend) {
		seccomp_failed(drop_backend(err));
		use_ptrace();
		err = backend->ready();
	}
	if (err)
		ptrace_failed(drop_backend(err));
	idle_start();
	um_verbose("trap=%s, %u CPUs, guest memory %llu MiB", trap->name, host_info.cpus,
		   (unsigned long long)host_info.physmem_size >> 20);
}

/* Ends umk's process with @status after the stubs; also the end of host_panic() and um_die(). */
void um_exit(int status)
{
	if (!um_leaving) {
		um_leaving = true;
		trace_flush();
		if (backend && backend->shutdown)
			backend->shutdown();
		else
			zygote_shutdown();
		dirwatch_exit();
	}
	if (host_info.sanitized)
		exit(status);
	_exit(status);
}

void host_exit(int status, int signo)
{
	if (signo) {
		console_restore();
		status = 128 + signo;
	}
	um_verbose("exit status %d", status);
	um_exit(status & 0xff);
}

int main(int argc, char **argv, char **envp)
{
	char err[256];

	console_first();
	if (options_parse(argc, argv, envp, &config, err, sizeof(err)))
		um_die(125, "%s", err);
	if (config.help) {
		options_help();
		return 0;
	}
	if (config.version) {
		printf("umk " UMK_VERSION "\n");
		return 0;
	}
	umk_options = config.kernel;
	info_init(envp);
	crash_init();
	limits_init(&umk_options);
	console_init(&umk_options);
	if (config.trace_path)
		trace_open(config.trace_path);
	if (config.pcap_path)
		capture_open(config.pcap_path);
	clock_init(umk_options.seed, config.virtual_time);
	/* guests' timers are as exact as the host's clock allows */
	(void)prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
	cpu_init();
	host_physmem_init(&config);
	zygote_early();
	hostfile_init();
	if (umk_options.root)
		hostfile_check_root(umk_options.root);
	idle_init();
	choose_backend();
	kernel_main();
}
