# git: 1,000 commits, branches, a merge, gc, fsck, clone, worktrees: every object's name is the host's.
set -e
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.org
git init -q -b main repo
cd repo
for i in $(seq 1000); do
	mkdir -p "d$((i % 10))"
	echo "line $i" >>"d$((i % 10))/f$((i % 37))"
	git add -A
	GIT_AUTHOR_DATE="$((1600000000 + i)) +0000" GIT_COMMITTER_DATE="$((1600000000 + i)) +0000" git commit -q -m "commit $i"
done
echo "= head $(git rev-parse HEAD), $(git rev-list --count HEAD) commits"
git checkout -q -b side HEAD~10
echo side >side
git add side
export GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000'
git commit -q -m side
git checkout -q main
git merge -q --no-ff -m merge side
echo "= merged $(git rev-parse HEAD)"
git gc -q
echo "= gc: $(git count-objects -v | grep -E '^(count|in-pack|packs|garbage)' | tr '\n' ' ')"
git fsck --full 2>&1 | sed 's/^/= fsck: /'
echo "= fsck exits $?"
cd ..
git clone -q repo clone
git clone -q "file://$PWD/repo" clone2
git clone -q --bare repo bare
for c in clone clone2; do
	echo "= $c: $(git -C $c rev-parse HEAD) $(git -C $c status --porcelain | wc -l) $(cd $c && find . -path ./.git -prune -o -type f -print | sort | xargs cat | sha256sum)"
done
echo "= log $(git -C clone log --stat | sha256sum)"
echo "= blame $(git -C clone blame d1/f1 | sha256sum)"
git -C clone checkout -q HEAD~500
echo "= checkout: $(git -C clone ls-files | wc -l) $(git -C clone status --porcelain | wc -l)"
git -C repo worktree add -q ../tree side
echo "= worktree: $(git -C tree log -1 --format=%H)"
echo new >repo/d1/f1
echo "= diff: $(git -C repo diff --stat | tail -1)"
git -C repo stash -q
echo "= stash: $(git -C repo status --porcelain | wc -l)"
