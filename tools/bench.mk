# make bench: see tools/bench.py. BENCH_ARGS adds options, e.g. BENCH_ARGS='--rounds 7 --skip-uml'.
$(O)/bench/bench: tests/bench/bench.c tests/bench/net.c tests/bench/bench.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -g -Wall -D_GNU_SOURCE -fcf-protection=none -static -pthread -o $@ $(filter %.c,$^)

$(O)/bench/beat: tests/bench/beat.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O2 -g -Wall -Wno-unused-result -D_GNU_SOURCE -fcf-protection=none -static -o $@ $<

bench:
	@sh tools/setup.sh bench
	@$(MAKE) --no-print-directory bench-run
bench-run: $(O)/umk $(O)/bench/bench $(O)/bench/beat
	@python3 tools/bench.py --json $(O)/bench.json $(BENCH_ARGS) $(O)
.PHONY: bench bench-run
