/* Counters of /proc/net/netstat and /proc/net/snmp. */
#ifndef NET_STAT_H
#define NET_STAT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of @name in the group @group ("TcpExt:") of @file; -1: there is none. */
static inline long net_stat(const char *file, const char *group, const char *name)
{
	static char names[8192], values[8192];
	FILE *f = fopen(file, "r");
	char *n, *v, *np, *vp;
	long value = -1;

	while (f && fgets(names, sizeof(names), f) && fgets(values, sizeof(values), f)) {
		if (strncmp(names, group, strlen(group)))
			continue;
		for (n = strtok_r(names, " \n", &np), v = strtok_r(values, " \n", &vp); n && v;
				n = strtok_r(NULL, " \n", &np), v = strtok_r(NULL, " \n", &vp))
			if (!strcmp(n, name))
				value = atol(v);
	}
	if (f)
		fclose(f);
	return value;
}
static inline long tcp_ext(const char *name) { return net_stat("/proc/net/netstat", "TcpExt:", name); }
static inline long snmp(const char *group, const char *name) { return net_stat("/proc/net/snmp", group, name); }

#endif
