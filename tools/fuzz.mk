# Tests by chance: make check-kills, fuzz-diff, fuzz and fuzz-net. What is random comes from a seed that is printed.

# KILLS kills of stubs from outside under each backend, and about as many of guests from within.
KILLS ?= 2500
check-kills: $(O)/umk
	@dir=$$(mktemp -d) && cd $$dir && O=$(abspath $(O)) UMK=$(abspath $(O)/umk) TOP=$(CURDIR) KILLS=$(KILLS) KILLS_REPORT=1 \
		TIMEOUT_SCALE=$$(sh $(CURDIR)/tests/time-scale) sh $(CURDIR)/tests/scripts/kill-stubs.sh; \
	status=$$?; rm -rf $$dir; exit $$status
.PHONY: check-kills

# ---- sequences of calls on the host and under umk: FUZZ_SEED is the first, FUZZ_COUNT how many, FUZZ_MODE how umk traps ----
FUZZ_SEED ?= 1
FUZZ_COUNT ?= 5000
FUZZ_MODE ?= seccomp
FUZZ_JOBS ?= $(JOBS)
FUZZ_DIFF_C = $(wildcard tests/fuzz/diff*.c)
$(O)/fuzz/diff: $(FUZZ_DIFF_C) $(wildcard tests/fuzz/diff*.h)
	@mkdir -p $(@D)
	@echo "  GUEST   $@"
	$(Q)$(CC) $(GUEST_FLAGS) -o $@ $(FUZZ_DIFF_C)
fuzz-diff: $(O)/umk $(O)/fuzz/diff
	@echo "fuzz-diff: sequences $(FUZZ_SEED) to $(FUZZ_SEED)+$(FUZZ_COUNT) under $(FUZZ_MODE)"
	@tests/fuzz/run-diff -u $(O)/umk -m $(FUZZ_MODE) -j $(FUZZ_JOBS) $(O)/fuzz/diff $(FUZZ_SEED) $(FUZZ_COUNT)
# The same of sockets over UDP and TCP: sequences from 2^32 on.
fuzz-diff-inet:
	@$(MAKE) -s fuzz-diff FUZZ_SEED=$$((4294967296 + $(FUZZ_SEED)))
# The same of pseudo-terminals: sequences from 2^33 on.
fuzz-diff-tty:
	@$(MAKE) -s fuzz-diff FUZZ_SEED=$$((8589934592 + $(FUZZ_SEED)))
# The same of all that sockets of any family can do: sequences from 2^34 on.
fuzz-diff-net:
	@$(MAKE) -s fuzz-diff FUZZ_SEED=$$((17179869184 + $(FUZZ_SEED)))
# The seeds of what was found once, in make check.
check-fuzz-diff: $(O)/umk $(O)/fuzz/diff
	@tests/fuzz/run-diff -u $(O)/umk -m $(FUZZ_MODE) -f tests/fuzz/seeds $(O)/fuzz/diff
.PHONY: fuzz-diff fuzz-diff-inet fuzz-diff-tty fuzz-diff-net check-fuzz-diff

# ---- the network's input, linked with net/ and the fake host of tests/unit: tests/fuzz/net ----
FUZZ_NET_C = $(filter-out tests/fuzz/net/main.c,$(wildcard tests/fuzz/net/*.c))
FUZZ_NET = $(FUZZ_NET_C:tests/fuzz/net/%.c=$(O)/fuzz/net/%)
$(O)/fuzz/net/%.o: tests/fuzz/net/%.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(UNIT_FLAGS) -include tests/unit/unit.h -c -o $@ $<
$(O)/fuzz/net/main.o: tests/fuzz/net/main.c $(O)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(COMMON) -D_GNU_SOURCE -c -o $@ $<
$(O)/fuzz/net/%: $(O)/fuzz/net/%.o $(O)/fuzz/net/main.o $(UNIT_HOST) $(O)/libkernel.a
	@echo "  LD      $@"
	$(Q)$(CC) -no-pie $(SANLINK) -o $@ $^ $(CHECK_LIBS)
-include $(FUZZ_NET_C:tests/fuzz/net/%.c=$(O)/fuzz/net/%.d)
# The corpus once, in make check.
check-fuzz-net: $(FUZZ_NET)
	@status=0; for f in $(FUZZ_NET); do \
		ASAN_OPTIONS=detect_leaks=0 $$f tests/fuzz/corpus/$${f##*/}.hex || status=1; \
	done; exit $$status
# FUZZ_NET_TIME seconds each, under sanitizers and guided by coverage; what ends one is added to its corpus.
FUZZ_NET_TIME ?= 900
fuzz-net:
	@$(MAKE) --no-print-directory O=build/fuzz-san SAN=address,undefined EXTRA=-fsanitize-coverage=trace-pc fuzz-net-run
fuzz-net-run: $(FUZZ_NET)
	@status=0; for f in $(FUZZ_NET); do \
		c=tests/fuzz/corpus/$${f##*/}.hex; \
		ASAN_OPTIONS=detect_leaks=0 $$f -t $(FUZZ_NET_TIME) -s $(FUZZ_SEED) -f $$c $$c || status=1; \
	done; exit $$status
.PHONY: check-fuzz-net fuzz-net fuzz-net-run

# ---- every call with any arguments, under sanitizers: FUZZ_TIME seconds in all ----
FUZZ_TIME ?= 1800
$(O)/fuzz/hostile: tests/fuzz/hostile.c
	@mkdir -p $(@D)
	@echo "  GUEST   $@"
	$(Q)$(CC) $(GUEST_FLAGS) -o $@ $<
fuzz: $(O)/fuzz/hostile
	@$(MAKE) --no-print-directory SAN=address,undefined all
	@sh tests/fuzz/run-hostile build/san/umk $(O)/fuzz/hostile $(FUZZ_TIME)
	@$(MAKE) --no-print-directory fuzz-net
.PHONY: fuzz
