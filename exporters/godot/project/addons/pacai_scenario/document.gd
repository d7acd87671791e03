extends RefCounted
## The scenario document: read once, refused when it is not ours, indexed by identifier.

const SCHEMA_VERSION := "pacai.scenario/1"
const FILE := "scenario.json"

var data: Dictionary
var problem := ""
var side_m: float
## Identifier -> record, over units, objectives, control measures, routes, phases and injects.
var by_id := {}


## Read FILE of folder. On false, problem says what is wrong.
func read(folder: String) -> bool:
	var path := folder.path_join(FILE)
	if not FileAccess.file_exists(path):
		problem = "%s is missing" % path
		return false
	var parsed: Variant = JSON.parse_string(FileAccess.get_file_as_string(path))
	if not parsed is Dictionary or parsed.get("schema_version") != SCHEMA_VERSION:
		problem = "%s is not a scenario of version %s" % [path, SCHEMA_VERSION]
		return false
	data = parsed
	side_m = float(data.area.side_m)
	for collection in ["units", "objectives", "control_measures", "routes", "injects", "training_objectives"]:
		for record: Dictionary in data[collection]:
			by_id[record.id] = record
	for phase: Dictionary in data.exercise.phases:
		by_id[phase.id] = phase
	return true


func affiliation(side_id: String) -> String:
	for side: Dictionary in data.sides:
		if side.id == side_id:
			return side.affiliation
	return "neutral"


func side_name(side_id: Variant) -> String:
	for side: Dictionary in data.sides:
		if side.id == side_id:
			return side.name
	return "nobody" if side_id == null else str(side_id)


## Readable name of any identifier of the document; empty for null.
func name_of(id: Variant) -> String:
	if id == null:
		return ""
	var record: Dictionary = by_id.get(id, {})
	return str(record.get("name", record.get("title", id)))


func phase_at(seconds: float) -> String:
	var found := ""
	for phase: Dictionary in data.exercise.phases:
		if phase.start_s <= seconds and seconds < phase.end_s:
			found = phase.name
	return found


## The weather spell that holds at a time of the exercise.
func spell_at(seconds: float) -> Dictionary:
	var found: Dictionary = data.environment.weather[0]
	for spell: Dictionary in data.environment.weather:
		if spell.start_s <= seconds:
			found = spell
	return found


## Start of the exercise, seconds since 1970, UTC.
func start_unix() -> int:
	return Time.get_unix_time_from_datetime_string(str(data.environment.start).trim_suffix("Z"))


## Local date and time at a time of the exercise.
func local_clock(seconds: float) -> String:
	var local := start_unix() + int(data.environment.utc_offset_min) * 60 + int(seconds)
	return Time.get_datetime_string_from_unix_time(local, true)
