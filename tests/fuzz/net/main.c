/* Runs a fuzz target of net/ without a fuzzing engine: in rounds of mutated inputs, guided by coverage where the kernel was
 * built with -fsanitize-coverage=trace-pc, or over a corpus once.
 *
 *   NAME [-t SECONDS] [-s SEED] [-o FILE] [-f FILE] CORPUS...
 *
 * A corpus is a text file: an input a line in hex, # a comment. Without -t each input runs once, in a process of its own. With
 * -t the worker process runs inputs until the time is over; the parent keeps each that killed one, or ran longer than
 * SLOW seconds, appends it to the file of -f and starts the next worker. -o: what was new is reduced to inputs that together
 * reach all that was reached, and written there. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void unit_host_start(void);

#define MOST 4096          /* bytes of an input */
#define INPUTS 20000
#define MAP 65536
#define SLOW 20
#define RUNS 20000         /* after so many a worker has done its work: kernels grow old */

/* Shared with the workers: what one is at, and what they have found. */
static struct shared {
	uint8_t current[MOST];
	uint32_t current_size;
	uint64_t executions, edges;
	uint32_t nr_inputs;
	uint8_t seen[MAP];
	struct input { uint32_t size; uint8_t bytes[MOST]; } inputs[INPUTS];
} *sh;

static uint8_t hit[MAP];

/* The compiler's call at each edge; this file is built without. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	static __thread uint32_t last;
	uint32_t pc = (uint32_t)(uintptr_t)__builtin_return_address(0) * 0x9e3779b1u >> 16;

	hit[(pc ^ last) % MAP] = 1;
	last = pc >> 1;
}

/* ---- chance ---- */

static uint64_t state;
static uint32_t rnd(uint32_t below)
{
	state ^= state << 13, state ^= state >> 7, state ^= state << 17;
	return below ? (uint32_t)(state >> 20) % below : 0;
}

static uint32_t put(uint8_t *to, uint32_t size, uint32_t at, const uint8_t *from, uint32_t n)
{
	if (n > MOST - size)
		n = MOST - size;
	memmove(to + at + n, to + at, size - at);
	memcpy(to + at, from, n);
	return size + n;
}

static uint32_t mutate(uint8_t *b, uint32_t size)
{
	static const uint32_t odd[] = { 0, 1, 2, 4, 5, 7, 8, 15, 16, 20, 31, 32, 40, 63, 64, 127, 128, 255, 256, 1023, 1024, 1280, 1500,
		32767, 32768, 65535, 65536, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff };
	uint8_t piece[64];

	for (uint32_t rounds = 1 + rnd(8); rounds; rounds--) {
		uint32_t at = rnd(size), v = odd[rnd(sizeof(odd) / sizeof(*odd))], n;

		switch (rnd(9)) {
		case 0:
			if (size)
				b[at] ^= (uint8_t)(1 << rnd(8));
			break;
		case 1:
			if (size)
				b[at] = (uint8_t)rnd(256);
			break;
		case 2:
			if (size)
				b[at] += (uint8_t)(rnd(33) - 16);
			break;
		case 3: /* a number that is often a limit, in either byte order */
			n = 1u << rnd(3);
			if (rnd(2))
				v = n == 2 ? (uint32_t)__builtin_bswap16((uint16_t)v) : n == 4 ? __builtin_bswap32(v) : v;
			if (size >= n)
				memcpy(b + rnd(size - n + 1), &v, n);
			break;
		case 4:
			n = 1 + rnd(size / 4 + 1);
			if (size > n) {
				at = rnd(size - n + 1);
				memmove(b + at, b + at + n, size - at - n);
				size -= n;
			}
			break;
		case 5:
			n = 1 + rnd(sizeof(piece) - 1);
			for (uint32_t i = 0; i < n; i++)
				piece[i] = (uint8_t)rnd(256);
			size = put(b, size, rnd(size + 1), piece, n);
			break;
		case 6:
			n = 1 + rnd(size < sizeof(piece) ? size : (uint32_t)sizeof(piece));
			if (size >= n) {
				memcpy(piece, b + rnd(size - n + 1), n);
				size = put(b, size, rnd(size + 1), piece, n);
			}
			break;
		case 7: /* the end of another */
		case 8: /* or a part of one */
			if (sh->nr_inputs) {
				const struct input *o = &sh->inputs[rnd(sh->nr_inputs)];
				uint32_t from = rnd(o->size);

				n = 1 + rnd(o->size - from);
				if (n <= o->size - from)
					size = put(b, size, rnd(size + 1), o->bytes + from, n);
			}
			break;
		}
	}
	return size;
}

/* ---- running ---- */

static uint32_t new_edges(void)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < MAP; i++)
		if (hit[i] && !sh->seen[i])
			sh->seen[i] = 1, n++;
	return n;
}

static void run_current(void)
{
	memset(hit, 0, sizeof(hit));
	alarm(SLOW);
	LLVMFuzzerTestOneInput(sh->current, sh->current_size);
	alarm(0);
	sh->executions++;
}

static void add_input(const uint8_t *bytes, uint32_t size)
{
	struct input *in;

	if (sh->nr_inputs == INPUTS || size > MOST)
		return;
	in = &sh->inputs[sh->nr_inputs];
	in->size = size;
	memcpy(in->bytes, bytes, size);
	sh->nr_inputs++;
}

static void worker(time_t end)
{
	unit_host_start();
	for (uint32_t i = 0; i < sh->nr_inputs && time(NULL) < end && !sh->executions; i++) {
		memcpy(sh->current, sh->inputs[i].bytes, sh->current_size = sh->inputs[i].size);
		run_current();
		sh->executions--;
		sh->edges += new_edges();
	}
	for (unsigned runs = 0; runs < RUNS && time(NULL) < end; runs++) {
		const struct input *in = sh->nr_inputs ? &sh->inputs[rnd(sh->nr_inputs)] : NULL;

		/* Those found last are worth more. */
		if (in && rnd(3) == 0)
			in = &sh->inputs[sh->nr_inputs - 1 - rnd(sh->nr_inputs < 50 ? sh->nr_inputs : 50)];
		if (in)
			memcpy(sh->current, in->bytes, sh->current_size = in->size);
		else
			sh->current_size = 0;
		sh->current_size = mutate(sh->current, sh->current_size);
		run_current();
		if (new_edges())
			sh->edges++, add_input(sh->current, sh->current_size);
	}
	_exit(0);
}

static int child_status(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void write_hex(FILE *f, const uint8_t *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		fprintf(f, "%02x", bytes[i]);
	fputc('\n', f);
}

/* The inputs, small ones first, that add to what those before them reach. */
static void write_reduced(const char *path)
{
	static struct input *order[INPUTS];
	FILE *f = fopen(path, "w");

	if (!f) {
		perror(path);
		return;
	}
	for (uint32_t i = 0; i < sh->nr_inputs; i++) {
		uint32_t k = i;

		for (; k && order[k - 1]->size > sh->inputs[i].size; k--)
			order[k] = order[k - 1];
		order[k] = &sh->inputs[i];
	}
	memset(sh->seen, 0, sizeof(sh->seen));
	for (uint32_t i = 0; i < sh->nr_inputs; i++) {
		pid_t pid = fork();

		/* Each in a fresh kernel, so that what it reaches is its own doing. */
		if (!pid) {
			unit_host_start();
			memcpy(sh->current, order[i]->bytes, sh->current_size = order[i]->size);
			run_current();
			_exit(new_edges() ? 1 : 0);
		}
		if (child_status(pid))
			write_hex(f, order[i]->bytes, order[i]->size);
	}
	fclose(f);
}

static int hex_digit(int c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_corpus(const char *path)
{
	static char line[2 * MOST + 16];
	static uint8_t bytes[MOST];
	FILE *f = fopen(path, "r");

	if (!f) {
		perror(path);
		return -1;
	}
	while (fgets(line, sizeof(line), f)) {
		uint32_t n = 0;

		if (line[0] == '#')
			continue;
		for (const char *p = line; n < MOST && hex_digit(p[0]) >= 0 && hex_digit(p[1]) >= 0; p += 2)
			bytes[n++] = (uint8_t)(hex_digit(p[0]) << 4 | hex_digit(p[1]));
		add_input(bytes, n);
	}
	fclose(f);
	return 0;
}

static int run_once(const char *name)
{
	unsigned failed = 0;

	for (uint32_t i = 0; i < sh->nr_inputs; i++) {
		pid_t pid = fork();
		int status;

		if (!pid) {
			unit_host_start();
			memcpy(sh->current, sh->inputs[i].bytes, sh->current_size = sh->inputs[i].size);
			run_current();
			_exit(0);
		}
		status = child_status(pid);
		if (status) {
			failed++;
			printf("fuzz-%s: input %u: status %#x\n", name, i + 1, status);
		}
	}
	printf("fuzz-%s: %u passed, %u failed\n", name, sh->nr_inputs - failed, failed);
	return failed != 0;
}

int main(int argc, char **argv)
{
	const char *out = NULL, *finds = NULL, *name = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	unsigned seconds = 0, findings = 0;
	time_t end;
	int opt;

	state = 1;
	while ((opt = getopt(argc, argv, "t:s:o:f:")) != -1) {
		switch (opt) {
		case 't': seconds = (unsigned)atoi(optarg); break;
		case 's': state = strtoull(optarg, NULL, 10) | 1; break;
		case 'o': out = optarg; break;
		case 'f': finds = optarg; break;
		default: return 2;
		}
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	sh = mmap(NULL, sizeof(*sh), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (sh == MAP_FAILED)
		return 2;
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	for (int i = optind; i < argc; i++)
		if (read_corpus(argv[i]))
			return 2;
	if (!seconds)
		return run_once(name);
	end = time(NULL) + seconds;
	printf("fuzz-%s: %u inputs, seed %llu, %u s\n", name, sh->nr_inputs, (unsigned long long)state, seconds);
	while (time(NULL) < end) {
		pid_t pid;
		int status;

		state = (state * 6364136223846793005ull + 1442695040888963407ull) | 1; /* another start for each worker */
		pid = fork();
		if (!pid)
			worker(end);
		status = child_status(pid);
		if (!status)
			continue;
		findings++;
		printf("fuzz-%s: finding %u, status %#x after %llu executions:\n", name, findings, status, (unsigned long long)sh->executions);
		write_hex(stdout, sh->current, sh->current_size);
		if (finds) {
			FILE *f = fopen(finds, "a");

			if (f) {
				write_hex(f, sh->current, sh->current_size);
				fclose(f);
			}
		}
		if (findings == 100)
			break;
		sh->executions++;
	}
	if (out)
		write_reduced(out);
	printf("fuzz-%s: %llu executions, %u inputs, %u findings\n", name, (unsigned long long)sh->executions, sh->nr_inputs, findings);
	return findings != 0;
}
