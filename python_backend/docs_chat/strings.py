"""The sentences that the server itself says to a reader, by locale."""

from __future__ import annotations

from typing import Literal

Key = Literal[
    "searching",
    "searching_again",
    "searched",
    "searched_one",
    "searched_nothing",
    "kept",
    "busy",
    "closest",
    "nothing",
    "elsewhere",
    "closest_pages",
    "help",
    "fallback",
    "budget",
    "flagged",
    "unchecked",
    "files_gone",
    "interrupted",
    "unavailable",
    "stopping",
    "stopped_note",
    "ask_page",
    "ask_section",
    "unsupported",
]

STRINGS: dict[str, dict[Key, str]] = {
    "en": {
        "searching": "Searching the docs…",
        "searching_again": "Searching the docs again…",
        "searched": "Searched the docs · {count} sections read",
        "searched_one": "Searched the docs · 1 section read",
        "searched_nothing": "Searched the docs · nothing found",
        "kept": "Answered before · the sections cited are unchanged",
        "busy": "This conversation is being answered. Wait for the answer's end.",
        "closest": "I found no direct answer in these docs. The closest passages:",
        "nothing": "These docs don't cover that.",
        "elsewhere": "The docs of version {version} may have the answer: choose that version to ask them.",
        "closest_pages": "The closest pages:",
        "help": "More help: {link}",
        "fallback": "The model is not available right now. Here are the passages from the docs instead.",
        "budget": "Today's budget for written answers is used up. Here are the passages from the docs instead.",
        "flagged": "This question was not passed on: an automatic check found that it may be harmful. Please ask again "
        "in other words.",
        "unchecked": "The question could not be checked right now, so the model was not asked. "
        "Here are the passages from the docs instead.",
        "files_gone": "A file of this question is not kept any more: the answer is given without it.",
        "interrupted": "The answer was interrupted. Please try again.",
        "unavailable": "The answer could not be made. Please try again.",
        "stopping": "The server is restarting. Please try again in a moment.",
        "stopped_note": "This answer stopped before its end.",
        "ask_page": "What is “{title}” about?",
        "ask_section": "What does “{title}” say about “{heading}”?",
        "unsupported": "(not found in the sources)",
    },
    "fr": {
        "searching": "Recherche dans la documentation…",
        "searching_again": "Nouvelle recherche dans la documentation…",
        "searched": "Documentation consultée · {count} sections lues",
        "searched_one": "Documentation consultée · 1 section lue",
        "searched_nothing": "Documentation consultée · aucun résultat",
        "kept": "Déjà répondu · les sections citées sont inchangées",
        "busy": "Une réponse est en cours dans cette conversation. Attendez qu'elle soit finie.",
        "closest": "Je n'ai pas trouvé de réponse directe dans cette documentation. Les passages les plus proches :",
        "nothing": "Cette documentation n'en parle pas.",
        "elsewhere": "La documentation de la version {version} a peut-être la réponse : choisissez cette version.",
        "closest_pages": "Les pages les plus proches :",
        "help": "Pour aller plus loin : {link}",
        "fallback": "Le modèle n'est pas disponible pour le moment. Voici les passages de la documentation à la place.",
        "budget": "Le budget du jour pour les réponses rédigées est épuisé. Voici les passages de la documentation.",
        "flagged": "Cette question n'a pas été transmise : un contrôle automatique l'a jugée peut-être nuisible. "
        "Veuillez la poser autrement.",
        "unchecked": "La question n'a pas pu être contrôlée pour le moment, le modèle n'a donc pas été consulté. "
        "Voici les passages de la documentation à la place.",
        "files_gone": "Un fichier de cette question n'est plus conservé : la réponse est donnée sans lui.",
        "interrupted": "La réponse a été interrompue. Veuillez réessayer.",
        "unavailable": "La réponse n'a pas pu être produite. Veuillez réessayer.",
        "stopping": "Le serveur redémarre. Veuillez réessayer dans un instant.",
        "stopped_note": "Cette réponse s'est arrêtée avant la fin.",
        "ask_page": "De quoi parle « {title} » ?",
        "ask_section": "Que dit « {title} » à propos de « {heading} » ?",
        "unsupported": "(introuvable dans les sources)",
    },
}


#: What stands in the place of an answer to a flagged question, in every language.
REFUSALS = frozenset(sentences["flagged"] for sentences in STRINGS.values())


def say(key: Key, locale: str, **values: object) -> str:
    """The sentence in the reader's locale (`fr-CA` speaks `fr`), in English where there is no translation."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return STRINGS.get(language, STRINGS["en"])[key].format(**values)
