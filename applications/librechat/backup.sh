# What a pod of a backup does, by its first argument: save, scheduled, kept, fetch, used or restore. Its directory has a claim in
# each of uploads and images, and program/target.sh knows where scheduled backups are. An archive is a tar file: each part as
# pieces of 8 MiB, then manifest.json. Where there are RECIPIENTS, a scheduled one is encrypted for them.
set -euo pipefail

# One piece of a part, from split: a file of the archive.
if [ "$1" = piece ]; then
  mkdir -p "$work/${FILE%/*}"
  cat > "$work/$FILE"
  # Without the end that tar writes after each.
  tar --create --blocking-factor=1 --owner=0 --group=0 --directory="$work" "$FILE" | head --bytes=-1024
  rm "$work/$FILE"
  exit
fi

work=$(mktemp -d)
program=$0
export work program
stop() { :; }
trap 'stop; rm -rf "$work"' EXIT

# One of MongoDB's tools. Its address has the password in it, and comes by a pipe.
mongo() {
  local tool=$1 password said
  shift
  "$tool" --config=<(printf "uri: '%s'\n" "${MONGO_URI//\'/\'\'}") "$@" 2> "$work/said" && return
  password=${MONGO_URI#*://*:}
  password=${password%%@*}
  said=$(tail -n 3 "$work/said")
  echo "$tool: ${said//"$password"/***}" >&2
  return 1
}

shell() {
  mongosh --nodb --quiet --eval "const db = connect(process.env.MONGO_URI); $1"
}

# A live directory: what changes meanwhile (1) is as it was found.
files() {
  tar --create --verbose --index-file="$work/$1.names" --directory="$1" --exclude=./lost+found --exclude='./temp/*' . ||
    [ $? -eq 1 ]
}

part() {
  local name=$1 sum
  shift
  mkfifo "$work/pipe"
  sha256sum < "$work/pipe" > "$work/$name.sum" &
  sum=$!
  "$@" | tee "$work/pipe" | split --bytes=8M --suffix-length=6 --numeric-suffixes --filter='bash "$program" piece' - "$name/"
  wait "$sum"
  rm "$work/pipe"
}

save() {
  local sums=() name documents=0 count
  part database mongo mongodump --archive --gzip
  while read -r count; do documents=$((documents + count)); done < <(grep -o '([0-9]* document' "$work/said" | tr -dc '0-9\n')
  part uploads files uploads
  part images files images
  for name in database uploads images; do
    case $name in
    database) count="\"documents\":$documents" ;;
    *) count="\"files\":$(grep -vc '/$' "$work/$name.names" || true)" ;;
    esac
    sums+=("{\"name\":\"$name\",\"sha256\":\"$(cut -c1-64 "$work/$name.sum")\",$count}")
  done
  printf '{"format":1,"application":"librechat","release":"%s","at":"%s","parts":[%s]}\n' "$RELEASE" \
    "$(date --utc +%Y-%m-%dT%H:%M:%SZ)" "$(IFS=,; echo "${sums[*]}")" > "$work/manifest.json"
  tar --create --blocking-factor=1 --owner=0 --group=0 --directory="$work" manifest.json
}

# What a schedule writes.
archive() {
  if [ -z "${RECIPIENTS-}" ]; then
    save
  else
    # What the shell says by itself is no part of it.
    save | mongosh --nodb --quiet --eval "require('$PWD/program/encrypt.cjs')('$RECIPIENTS')" 3<&0 4>&1 < /dev/null >&2
  fi
}

case $1 in
save) save ;;
scheduled | kept | fetch)
  [ -e program/target.sh ] || {
    echo "it has no schedule: backup.schedule of the release in the environment" >&2
    exit 1
  }
  suffix=.tar${RECIPIENTS:+.age}
  . program/target.sh
  "$@"
  ;;
# How many users there are, and files.
used) echo "$(shell 'print(db.users.countDocuments())') $(find uploads images -type f | wc -l)" ;;
# One part, of so many bytes: where standard input ends is not told on every way here.
restore)
  case $2 in
  database)
    shell 'db.getCollectionNames().forEach((name) => db.getCollection(name).drop())'
    head --bytes="$3" | mongo mongorestore --archive --gzip
    # The index of the search is another one, and LibreChat makes it anew of what is not in it.
    shell 'for (const name of ["messages", "conversations"]) db.getCollection(name).updateMany({}, { $set: { _meiliIndex: false } })' > /dev/null
    ;;
  uploads | images)
    find "$2" -mindepth 1 -not -name lost+found -delete
    head --bytes="$3" | tar --extract --directory="$2"
    ;;
  *)
    echo "$2 is no part of its data" >&2
    exit 1
    ;;
  esac
  ;;
esac
