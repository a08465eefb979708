# vim, less, nano's kin and tmux with two panes on a pseudoterminal: keys go in, files and screens come out.
exec python3 "$TOP/tests/suites/jobs/screen.py"
