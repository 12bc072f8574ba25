export RCLONE_CONFIG= RCLONE_LOG_LEVEL=ERROR
bucket=:s3:$BUCKET
sending=

# Before it is told the end of what was cut off, of which nothing must stay.
stop() {
  [ -z "$sending" ] || { kill "$sending" && wait "$sending"; } 2> /dev/null || true
}

scheduled() {
  local file
  file=$(date --utc +%Y-%m-%dT%H%M%SZ)$suffix
  exec 3> >(client/rclone rcat "$bucket/$file")
  sending=$!
  archive >&3
  exec 3>&-
  wait "$sending"
  sending=
  kept | tail -n "+$((KEEP + 1))" | while read -r old; do client/rclone deletefile "$bucket/$old"; done
  # Parts of what was killed, which cost something and have no name.
  client/rclone cleanup "$bucket" || true
  echo "$BUCKET/$file"
}

kept() {
  client/rclone lsf --files-only "$bucket" | sed -nE '/^[0-9-]{10}T[0-9]{6}Z\.tar(\.age)?$/p' | sort --reverse
}

fetch() {
  client/rclone cat "$bucket/$1"
}
