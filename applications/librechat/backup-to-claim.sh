scheduled() {
  local file
  rm -f backups/*.partial
  file=backups/$(date --utc +%Y-%m-%dT%H%M%SZ)$suffix
  archive > "$file.partial"
  sync "$file.partial"
  mv "$file.partial" "$file"
  kept | tail -n "+$((KEEP + 1))" | while read -r old; do rm "backups/$old"; done
  echo "$file: $(stat --format=%s "$file") bytes"
}

kept() {
  find backups -maxdepth 1 '(' -name '*.tar' -o -name '*.tar.age' ')' -printf '%f\n' | sort --reverse
}

fetch() {
  cat "backups/$1"
}
