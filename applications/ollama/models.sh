# Has an Ollama server get every model of a release: what it has is not asked for again, what fails for good ends at once.
# Runs in Ollama's own image, which has bash and no curl. The files pull and insecure have a model a line, make a Modelfile and what is
# made of it. @see https://github.com/ollama/ollama/blob/main/docs/api.md
set -euo pipefail
server=${1%:*} port=${1##*:} folder=${2:-/models}

# To an HTTP/1.0 client the answer is not chunked: its lines are those of the stream, after an empty one.
ask() {
  exec 3<>"/dev/tcp/$server/$port" || return 1
  printf '%s %s HTTP/1.0\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$2" "$server" "${#3}" "$3" >&3
  local line
  while IFS= read -r line <&3 && [[ $line != $'\r' ]]; do :; done
} 2>/dev/null

has() {
  local answer
  ask GET /api/tags "" && answer=$(cat <&3) && [[ $answer == *"\"name\":\"$1\""* ]]
}

# The cluster keeps what is written there with the container that ended.
give_up() {
  echo "$1"
  [[ ! -w /dev/termination-log ]] || echo "$1" >/dev/termination-log
  exit 1
}

# What it has in other capitals stays under that name, whatever is pulled or made.
listed() {
  local answer
  ! ask GET /api/tags "" || ! answer=$(cat <&3) || [[ $answer != *'"models":'* || $answer == *"\"name\":\"$1\""* ]] ||
    give_up "$1 is $2, and Ollama does not list it under this name: npm run verify says what it lists"
}

# Whoever waits reads each line once: a model is told at every tenth of it, and where that takes longer every half minute.
progress() {
  local model=$1 done=$2 of=$3 tenth=$((10 * $2 / $3))
  ((tenth != told || SECONDS - at >= 30)) || return 0
  ((SECONDS > at && done > before)) && speed=", $(((done - before) / (SECONDS - at) / 1000000)) MB/s" || speed=
  echo "$model: $((100 * done / of)) % of $((of / 1000000)) MB$speed"
  told=$tenth at=$SECONDS before=$done
}

pull() {
  local model=$1 insecure=$2 line error tries=0
  local -A most=()
  while ! has "$model"; do
    told=-1 at=$SECONDS before=0 error="the server ended the answer"
    if ask POST /api/pull "{\"model\":\"$model\",\"insecure\":$insecure}"; then
      while IFS= read -r line <&3; do
        if [[ $line =~ \"error\":\"(.*)\"\}$ ]]; then error=${BASH_REMATCH[1]//\\\"/\"}; fi
        if [[ $line == *'"status":"success"'* ]]; then error=; fi
        # The rest of what a model is made of is small.
        if [[ $line =~ \"digest\":\"([^\"]+)\",\"total\":([0-9]+),\"completed\":([0-9]+) ]] && ((BASH_REMATCH[2] > 1000000)); then
          # What an earlier try had got comes again, and is no step forward.
          if ((BASH_REMATCH[3] > ${most[${BASH_REMATCH[1]}]:-0})); then
            most[${BASH_REMATCH[1]}]=${BASH_REMATCH[3]} tries=0
          fi
          progress "$model" "${BASH_REMATCH[3]}" "${BASH_REMATCH[2]}"
        fi
      done
    else
      error="no answer of $server:$port"
      # The server may only begin to run: how long that may take is not said here.
      tries=0
    fi
    case $error in
      "") listed "$model" pulled ;;
      *"file does not exist"* | *"model not found"* | *"invalid model name"*) give_up "$model does not exist: $error" ;;
      *"no space left"*) give_up "$model has no room on the volume: $error" ;;
      *"newer version of Ollama"*) give_up "$model needs a newer Ollama: $error" ;;
      *unauthorized* | *denied* | *forbidden*) give_up "$model is not given out without credentials: $error" ;;
      *)
        ((++tries < 4)) || give_up "$model cannot be pulled: $error"
        sleep "$tries"
        ;;
    esac
  done
  echo "$model: is there"
}

while read -r model; do pull "$model" false; done <"$folder/pull"
while read -r model; do pull "$model" true; done <"$folder/insecure"
while read -r file model; do
  OLLAMA_HOST=$server:$port ollama create "$model" -f "$folder/$file" >/tmp/create 2>&1 </dev/null ||
    give_up "$model cannot be made of its Modelfile: $(tail -n 1 /tmp/create)"
  listed "$model" made
  echo "$model: is made"
done <"$folder/make"
