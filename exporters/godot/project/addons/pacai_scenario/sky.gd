extends Node3D
## Sun, sky, fog, rain and snow of the scenario at a time of the exercise.
##
## The sun follows from date, time and place (NOAA's low-accuracy formulas, a few arc minutes). Fog is set so
## that the contrast falls to 2 % at the visibility of the weather spell (Koschmieder's law, 3.912 / V).

const Document := preload("document.gd")

const KOSCHMIEDER := 3.912
const CLEAR_VIEW_M := 60000.0
const DAY_SKY := Color(0.36, 0.56, 0.82)
const DAY_HORIZON := Color(0.72, 0.80, 0.88)
const DUSK_HORIZON := Color(0.86, 0.58, 0.42)
const NIGHT_SKY := Color(0.02, 0.03, 0.07)
const OVERCAST := Color(0.62, 0.65, 0.68)

## True: daylight and no weather, for planning.
var clear_view := false
var elevation_deg := 0.0
var azimuth_deg := 0.0
var _document: Document
var _environment: Environment
var _sun: DirectionalLight3D
var _sky := ProceduralSkyMaterial.new()
var _falling := CPUParticles3D.new()
var _shown_s := -INF


func build(document: Document) -> void:
	_document = document
	_sun = $Sun
	_environment = ($WorldEnvironment as WorldEnvironment).environment
	var sky := Sky.new()
	sky.sky_material = _sky
	_environment.background_mode = Environment.BG_SKY
	_environment.sky = sky
	_environment.ambient_light_source = Environment.AMBIENT_SOURCE_COLOR
	_environment.tonemap_mode = Environment.TONE_MAPPER_LINEAR
	_environment.fog_enabled = true
	_environment.fog_sky_affect = 0.6
	_sun.directional_shadow_max_distance = 1500.0
	_add_falling()
	show_at(0.0)


func show_at(seconds: float) -> void:
	if absf(seconds - _shown_s) < 30.0:
		return
	_shown_s = seconds
	_place_sun(_document.start_unix() + seconds)
	var spell := _document.spell_at(seconds)
	_light(spell)
	_weather(spell)


func refresh() -> void:
	var seconds := _shown_s
	_shown_s = -INF
	show_at(seconds)


func _process(_delta: float) -> void:
	var camera := get_viewport().get_camera_3d()
	if camera != null:
		_falling.global_position = camera.global_position + Vector3.UP * 12.0


func _place_sun(unix_s: float) -> void:
	var days := unix_s / 86400.0 - 10957.5  # since 2000-01-01 12:00 UTC (J2000)
	var anomaly := deg_to_rad(fposmod(357.529 + 0.98560028 * days, 360.0))
	var mean_longitude := fposmod(280.459 + 0.98564736 * days, 360.0)
	var ecliptic := deg_to_rad(mean_longitude + 1.915 * sin(anomaly) + 0.020 * sin(2.0 * anomaly))
	var tilt := deg_to_rad(23.439)
	var declination := asin(sin(tilt) * sin(ecliptic))
	var ascension := atan2(cos(tilt) * sin(ecliptic), cos(ecliptic))
	var origin: Dictionary = _document.data.area.origin
	var sidereal := deg_to_rad(fposmod(280.46062 + 360.98564737 * days + float(origin.lon_e7) / 1e7, 360.0))
	var hour := sidereal - ascension
	var latitude := deg_to_rad(float(origin.lat_e7) / 1e7)
	var sine := sin(latitude) * sin(declination) + cos(latitude) * cos(declination) * cos(hour)
	elevation_deg = rad_to_deg(asin(clampf(sine, -1.0, 1.0)))
	var east := -cos(declination) * sin(hour)
	var north := sin(declination) * cos(latitude) - cos(declination) * sin(latitude) * cos(hour)
	azimuth_deg = fposmod(rad_to_deg(atan2(east, north)), 360.0)


func _light(spell: Dictionary) -> void:
	var elevation := 50.0 if clear_view else elevation_deg
	var azimuth := 150.0 if clear_view else azimuth_deg
	var cloud := 0.0 if clear_view else float(spell.cloud_percent) / 100.0
	var day := smoothstep(-12.0, 8.0, elevation)  # nautical twilight to low sun
	var low := 1.0 - smoothstep(0.0, 18.0, absf(elevation))
	var up := Basis(Vector3.UP, -deg_to_rad(azimuth)) * Basis(Vector3.RIGHT, deg_to_rad(maxf(elevation, 3.0)))
	_sun.basis = Basis.looking_at(up * Vector3.BACK, Vector3.UP)
	_sun.light_energy = smoothstep(-2.0, 10.0, elevation) * (1.0 - 0.75 * cloud)
	_sun.light_color = Color(1.0, 0.97, 0.92).lerp(Color(1.0, 0.66, 0.42), low)
	_sky.sky_top_color = NIGHT_SKY.lerp(DAY_SKY.lerp(OVERCAST * 0.8, cloud), day)
	var horizon := DAY_HORIZON.lerp(DUSK_HORIZON, low * (1.0 - cloud)).lerp(OVERCAST, cloud)
	_sky.sky_horizon_color = (NIGHT_SKY * 1.6).lerp(horizon, day)
	_sky.ground_horizon_color = _sky.sky_horizon_color
	_sky.ground_bottom_color = _sky.sky_horizon_color.darkened(0.4)
	# The moon, and enough light that an instructor always sees something.
	var moon := float(_document.data.environment.moon_percent) / 100.0 * (1.0 - cloud)
	_environment.ambient_light_color = Color(0.55, 0.65, 0.95).lerp(Color(0.86, 0.90, 1.0), day)
	_environment.ambient_light_energy = lerpf(0.28 + 0.25 * moon, 0.40 + 0.30 * cloud, day)
	_environment.fog_light_color = _sky.sky_horizon_color
	_environment.fog_light_energy = 1.0


func _weather(spell: Dictionary) -> void:
	var visibility := CLEAR_VIEW_M if clear_view else float(spell.visibility_m)
	_environment.fog_density = KOSCHMIEDER / visibility
	var falls := not clear_view and float(spell.precipitation_um_h) > 0.0
	var snow := float(spell.temperature_dc) <= 0.0
	_falling.emitting = falls
	_falling.visible = falls
	if not falls:
		return
	var wind := Vector3.FORWARD.rotated(Vector3.UP, -deg_to_rad(float(spell.wind_from_deg) + 180.0))
	_falling.direction = (wind * float(spell.wind_cm_s) / 100.0 + Vector3.DOWN * (1.5 if snow else 9.0)).normalized()
	_falling.initial_velocity_min = 2.0 if snow else 14.0
	_falling.initial_velocity_max = 3.0 if snow else 18.0
	_falling.lifetime = 8.0 if snow else 1.6
	var drop := _falling.mesh as BoxMesh
	drop.size = Vector3(0.05, 0.05, 0.05) if snow else Vector3(0.012, 0.5, 0.012)


func _add_falling() -> void:
	var drop := BoxMesh.new()
	var material := StandardMaterial3D.new()
	material.albedo_color = Color(0.85, 0.9, 1.0, 0.45)
	material.transparency = BaseMaterial3D.TRANSPARENCY_ALPHA
	material.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	drop.material = material
	_falling.mesh = drop
	_falling.amount = 1200
	_falling.emission_shape = CPUParticles3D.EMISSION_SHAPE_BOX
	_falling.emission_box_extents = Vector3(18.0, 1.0, 18.0)
	_falling.spread = 4.0
	_falling.gravity = Vector3.ZERO
	_falling.local_coords = false
	_falling.emitting = false
	add_child(_falling)
