/* The least: output, arguments, environment, exit status. */
/* musl */
// args: one "two"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("argument %d: %s\n", i, argv[i]);
	printf("HOME=%s\n", getenv("HOME"));
	fprintf(stderr, "to standard error\n");
	return 42;
}
