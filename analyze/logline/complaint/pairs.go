package complaint

// pair knows words that complain together.
func pair(a, b string) bool {
	switch a {
	case "could", "can", "did":
		return b == "not"
	case "timed":
		return b == "out"
	case "gave", "giving":
		return b == "up"
	case "no":
		switch b {
		case "such", "space", "free", "permission", "permissions", "route", "element", "decoder", "encoder", "memory", "access", "response",
			"reply", "display", "backend", "protocol", "valid", "suitable", "usable", "compatible", "longer", "child", "buffer",
			"se", "existe", "hay", "pudo", "puede", "queda", "encontrado", "encontrada", "permitida", "válido", "implementada": // es
			return true
		}
	case "too":
		switch b {
		case "many", "large", "long", "old", "small", "short", "big", "few":
			return true
		}
	case "reset":
		return b == "by"
	case "already":
		return b == "running" || b == "taken" || b == "allocated" || b == "bound"
	case "blocked":
		return b == "for"
	case "unknown":
		switch b {
		case "option", "argument", "command", "property", "user", "group", "host", "symbol", "key", "codec", "encoder", "error", "device",
			"element", "instance", "uid", "type", "directive", "reason":
			return true
		}
	case "resource":
		return b == "busy" || b == "temporarily"
	case "file":
		return b == "exists" || b == "busy"
	case "not":
		return b == "a"
	case "is":
		return b == "down" || b == "busy" || b == "dead" || b == "gone"
	case "read-only":
		return b == "file"
	case "core":
		return b == "dumped"
	case "segmentation", "protection", "page":
		return b == "fault"
	case "timeout":
		switch b {
		case "waiting", "while", "exceeded", "expired", "reached", "occurred", "error", "during":
			return true
		}
	case "terminated":
		return b == "by"
	case "unhandled":
		return b == "rejection" || b == "promise"
	case "ei": // fi
		return b == "ole" || b == "voi" || b == "voitu" || b == "onnistu" || b == "löydy" || b == "löytynyt" || b == "tunneta"
	case "nie": // pl
		return b == "ma" || b == "można" || b == "udało" || b == "znaleziono" || b == "istnieje" || b == "jest" || b == "zaimplementowana"
	case "nem": // hu
		return len(b) > 3
	case "tubería":
		return b == "rota"
	case "non": // it, fr
		return b == "valido" || b == "è" || b == "trovato" || b == "trovata" || b == "permessa" || b == "implementata" || b == "disponibile" ||
			b == "riuscito" || b == "accordée" || b == "permise" || b == "implantée"
	case "ne": // fr
		return b == "peut" || b == "peuvent"
	case "zu", "trop", "te", "för", "for", "túl", "za", "çok":
		return b == "viele" || b == "de" || b == "veel" || b == "många" || b == "mange" || b == "sok" || b == "dużo" || b == "fazla"
	}
	return false
}

// scarce knows what one can be out of.
func scarce(w string) bool {
	switch w {
	case "memory", "space", "resources", "range", "descriptors", "disk", "bounds", "sync", "handles", "buffers", "vram":
		return true
	}
	return false
}

// waits knows what a timeout is the end of.
func waits(w string) bool {
	switch w {
	case "connection", "operation", "request", "handshake", "gateway", "read", "write", "connect", "socket", "response":
		return true
	}
	return false
}

// compound knows what makes a name of "error", "crash" and the like.
func compound(w string) bool {
	switch w {
	case "handler", "handlers", "handling", "log", "logs", "logging", "level", "levels", "reporter", "reporting", "report", "reports",
		"correction", "page", "pages", "rate", "rates", "count", "counter", "counters", "counts", "recovery", "output", "threshold",
		"resilience", "concealment", "budget", "tolerance", "callback", "callbacks", "hook", "hooks", "injection", "checking", "boundary",
		"tracking", "category", "categories", "diffusion", "mode", "policy", "detection", "domain", "dialog", "messages", "stream", "codes",
		"types", "filter", "breakpoints", "table", "list", "dumps", "dump", "collector", "uploader", "notification", "notifications",
		"bars", "bound", "bounds", "propagation", "statistics", "stats", "will", "file", "files", "events", "queue", "ratio":
		return true
	}
	return false
}

// ideograms knows how two characters of a script without spaces complain.
func ideograms(s string) bool {
	switch s {
	case // zh
		"错误", "失败", "无法", "不能", "未找", "没有", "拒绝", "不允", "不够", "过多", "超时", "超出", "无效", "非法", "被杀", "杀死", "放弃", "异常", "崩溃",
		"不存", "找不", "未知", "不支", "不想", "未实", "错誤", "出错", "錯誤", "失敗", "無法", "拒絕", "無效", "損壞", "逾時", "忙碌", "不符",
		// ja
		"エラ", "ませ", "拒否", "不正", "すぎ", "ビジ", "異常",
		// ko
		"오류", "실패", "없습", "없음", "못했", "거부", "잘못", "초과", "부적", "않습", "않음", "깨어", "끊음", "죽었", "불가":
		return true
	}
	return false
}
