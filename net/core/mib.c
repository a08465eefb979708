/* The counters. */
#include "../mib.h"

struct net_mib net_mib;
