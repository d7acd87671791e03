extends RefCounted
## The words of the scenario as BBCode for the panels.

const Document := preload("document.gd")


static func escaped(text: Variant) -> String:
	return str(text).replace("[", "[lb]")


static func orders(document: Document) -> String:
	var data := document.data
	var lines := PackedStringArray([_head(data.title), escaped(data.summary), ""])
	var area: Dictionary = data.area
	lines.append("%s: %d km, south-west corner %.5f, %.5f (UTM %s), grid of %d m" % [
		escaped(area.name), area.side_m / 1000.0, area.origin.lat_e7 / 1e7, area.origin.lon_e7 / 1e7,
		area.utm_zone, area.cell_m,
	])
	for paragraph: String in ["situation", "mission", "execution", "sustainment", "command_and_signal"]:
		lines.append_array(["", _head(paragraph.replace("_", " ").capitalize()), escaped(data.opord[paragraph])])
	lines.append_array(["", _head("Rules of engagement: " + str(data.roe.level))])
	for rule: String in data.roe.rules:
		lines.append("- " + escaped(rule))
	lines.append_array(["", _head("Phases")])
	for phase: Dictionary in data.exercise.phases:
		lines.append("%s to %s  %s" % [clock(phase.start_s), clock(phase.end_s), escaped(phase.name)])
	lines.append_array(["", _head("Training objectives")])
	for objective: Dictionary in data.training_objectives:
		lines.append("- " + escaped(objective.statement))
		for measure: String in objective.measures:
			lines.append("    measure: " + escaped(measure))
	lines.append_array(["", _head("Objectives")])
	for objective: Dictionary in data.objectives:
		lines.append("%s: %s" % [escaped(objective.name), escaped(objective.reason)])
	return "\n".join(lines)


static func unit(record: Dictionary, tasks: Array, document: Document) -> String:
	var lines := PackedStringArray([_head(record.name), "%s, callsign %s" % [record.id, escaped(record.callsign)], ""])
	var kind: String = record.kind.replace("_", " ")
	var side := escaped(document.side_name(record.side))
	lines.append("%s, %s, %s, %s, %s" % [side, record.echelon, kind, record.role, record.mobility])
	if record.parent != null:
		lines.append("under " + escaped(document.name_of(record.parent)))
	if record.get("reserve", false):
		lines.append("reserve")
	lines.append("%d people, supply %d %%" % [record.personnel, record.supply_percent])
	lines.append("weapons reach %d m (red ring)" % record.weapon_range_m)
	lines.append("sensors reach %d m (blue ring)" % record.sensor_range_m)
	lines.append("SIDC %s, DIS %s" % [record.sidc, record.dis_type])
	for item: Dictionary in record.equipment:
		lines.append("%d x %s (%s, DIS %s)" % [item.count, escaped(item.name), item.type, item.dis_type])
	for task: Dictionary in tasks:
		lines.append_array(["", _task(task, document)])
	return "\n".join(lines)


static func inject(record: Dictionary, document: Document) -> String:
	var head := "[color=#ffd866]%s  %d %s[/color]" % [clock(record.at_s), record.number, escaped(record.title)]
	var lines := PackedStringArray([head])
	var threat := "" if record.threat == null else ", threat: " + str(record.threat)
	lines.append("%s to %s by %s (%s%s)" % [
		escaped(record.sender), escaped(document.name_of(record.recipient)), record.channel.replace("_", " "),
		record.trigger, threat,
	])
	lines.append(escaped(record.text))
	lines.append("[color=#b9c7a2]Expected: %s[/color]" % escaped(record.expected_action))
	var trained: Dictionary = document.by_id.get(record.training_objective, {})
	lines.append("[color=#8fa3b3]Trains: %s  Assessor: %s[/color]" % [
		escaped(trained.get("statement", record.training_objective)), escaped(record.assessor)
	])
	return "\n".join(lines)


static func weather(spell: Dictionary) -> String:
	return "%s, %.1f °C, wind %d° %.1f m/s, visibility %.1f km, cloud %d %%, rain %.1f mm/h" % [
		", ".join(PackedStringArray(spell.kinds)), spell.temperature_dc / 10.0, spell.wind_from_deg,
		spell.wind_cm_s / 100.0, spell.visibility_m / 1000.0, spell.cloud_percent, spell.precipitation_um_h / 1000.0,
	]


static func sun(environment: Dictionary) -> String:
	return "sunrise %s, sunset %s, moon %d %%, starts at %s" % [
		_day_clock(environment.sunrise_min), _day_clock(environment.sunset_min), environment.moon_percent, environment.light
	]


static func clock(seconds: float) -> String:
	var whole := int(seconds)
	return "H+%02d:%02d:%02d" % [whole / 3600, whole / 60 % 60, whole % 60]


static func _day_clock(minutes: Variant) -> String:
	return "none" if minutes == null else "%02d:%02d" % [int(minutes) / 60, int(minutes) % 60]


static func _task(task: Dictionary, document: Document) -> String:
	var verb: String = task.verb.replace("_", " ")
	var words := "[color=#9fd8ff]%s[/color] %s" % [verb, escaped(document.name_of(task.objective))]
	if task.target != null:
		words += " against %s" % escaped(document.name_of(task.target))
	if task.route != null:
		var route: Dictionary = document.by_id[task.route]
		words += ", %.1f km %s in %d min" % [route.length_cm / 100000.0, route.mobility, route.duration_s / 60.0]
	return "%s (%s to %s, %s)\n%s" % [
		words, clock(task.start_s), clock(task.end_s), escaped(document.name_of(task.phase)), escaped(task.purpose)
	]


static func _head(text: Variant) -> String:
	return "[color=#ffd866]%s[/color]" % escaped(text)
