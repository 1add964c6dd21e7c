"""Headers in comparable form, and what people and tools call the columns that matter."""

import re
import unicodedata

_TAGS = re.compile(r"<[^>]{0,200}>")
_NOISE = re.compile(r"[\W_]+")


def fold(header: str) -> str:
    """Return ``header`` in lower case without accents, tags and punctuation, words by one space."""
    plain = unicodedata.normalize("NFKD", _TAGS.sub(" ", header).casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _NOISE.sub(" ", plain).strip()


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(part) for part in text.split(","))


#: What the customer wrote. The second tier counts only where nothing of the first is there.
TEXT = _words(
    "text, description, comment, comments, verbatim, verbatims, feedback, message, message body, "
    "body, review, review text, response text, answer, content, customer comment, nps comment, "
    "ticket description, issue description, case description, question text, open ended response, "
    "source body, plain body, opinion, suggestion, suggestions, complaint, utterance, "
    "conversation rating remark, remark, remarks, "
    "beschreibung, kommentar, kommentare, nachricht, rückmeldung, freitext, anmerkung, "
    "commentaire, commentaires, avis, description du ticket, retour, réponse libre, message client, "
    "comentario, comentarios, descripción, mensaje, opinión, comentário, descrição, mensagem, "
    "commento, commenti, descrizione, messaggio, opmerking, opmerkingen, beschrijving, bericht, "
    "reactie, kommentarer, beskrivning, beskrivelse, komentarz, opis, комментарий, отзыв, текст, "
    "コメント, 内容, 评论, 反馈, 댓글, 의견"
)
TEXT_SECOND = _words(
    "notes, note, details, detail, call notes, meeting notes, interview notes, transcript, summary "
    "text, observations, notizen, notiz, inhalt, details du ticket, contenu, notas, contenido, "
    "conteúdo, contenuto, note di chiamata, inhoud, notities, response, responses, summary, "
    "customer feedback, user feedback, free text, reason"
)
SUBJECT = _words(
    "subject, title, summary, headline, issue title, ticket subject, ticket title, raw subject, "
    "source subject, conversation subject, betreff, titel, thema, zusammenfassung, objet, sujet, "
    "titre, resume, asunto, título, assunto, oggetto, titolo, onderwerp, ämne, emne, temat, "
    "тема, 件名, 主题"
)
ID = (  # in order of preference
    *("ticket id", "ticket number", "ticket no", "ticket", "issue key", "key", "case number"),
    *(
        "case id",
        "response id",
        "resp id",
        "responseid",
        "respondent id",
        "respondentid",
        "submission id",
    ),
    *("message id", "conversation id", "feedback id", "review id", "survey response id"),
    *("record id", "external id", "interview id", "call id", "note id", "id", "uuid", "guid"),
    *("ticketnummer", "vorgangsnummer", "antwort id", "fallnummer", "numero de ticket"),
    *("numero du ticket", "id del ticket", "id risposta", "issue id", "reference", "number"),
    *("ref", "nr", "no", "record number", "entry id", "responses id", "row id"),
)
DATE = (
    *("created at", "created", "created time", "created date", "creation date", "date created"),
    *("message created at", "conversation created at", "submitted at", "submitted", "submit date"),
    *("submit date utc", "submission date", "date submitted", "response date", "recorded date"),
    *("recordeddate", "completed at", "end date", "enddate", "timestamp", "date", "datetime"),
    *("date time", "call date", "interview date", "survey date", "time", "opened", "opened at"),
    *("reported at", "posted at", "published at", "start date", "startdate", "time started"),
    *("datum", "erstellt am", "erstellt", "eingegangen am", "zeitstempel", "erstellungsdatum"),
    *("date de creation", "cree le", "date de reponse", "horodateur", "fecha", "fecha de creacion"),
    *("creado", "marca temporal", "data", "data de criacao", "criado em", "data creazione"),
    *("aangemaakt", "aangemaakt op", "skapad", "oprettet", "utworzono", "дата", "日付", "日期"),
)
UPDATED = (
    *("updated at", "updated", "last update time", "updated time", "last modified", "modified at"),
    *("modified", "last updated", "updated date", "aktualisiert am", "aktualisiert", "modifie le"),
    *("mis a jour le", "actualizado", "atualizado em", "aggiornato", "bijgewerkt"),
)
SCORE_NPS = _words(
    "nps, nps score, net promoter score, likelihood to recommend, promoter score, "
    "recommendation score, nps rating, nps bewertung, score nps, note nps, puntuación nps"
)
SCORE = _words(
    "score, rating, stars, star rating, overall rating, satisfaction, satisfaction score, csat, "
    "csat score, ces, ces score, effort score, customer effort score, grade, conversation rating, "
    "conversation rating value, bewertung, punkte, note, puntuación, calificación, pontuação, "
    "nota, punteggio, voto, valutazione, beoordeling, cijfer, betyg, ocena, оценка, 評価, 评分"
)
AUTHOR = (
    *("requester name", "requester", "customer name", "contact name", "reporter", "author"),
    *("author name", "message author name", "respondent", "respondent name", "participant"),
    *("interviewee", "contact", "full name", "user name", "username", "submitter", "name", "user"),
    *("person", "created by", "posted by", "reviewer", "speaker", "kunde name", "ansprechpartner"),
    *("melder", "autor", "verfasser", "auteur", "nom", "demandeur", "nombre", "solicitante"),
    *("nome", "autore", "naam", "aanvrager", "namn", "requester id", "author id", "user id"),
    *("source author id", "message author id", "customer id", "contact id", "reporter id"),
)
EMAIL = (
    *("requester email", "e mail", "email", "email address", "e mail address", "contact email"),
    *("customer email", "user email", "recipient email", "recipientemail", "respondent email"),
    *("message author email", "author email", "mail", "emailadresse", "e mail adresse", "courriel"),
    *("adresse e mail", "correo", "correo electronico", "indirizzo email", "e mailadres", "epost"),
)
ACCOUNT = (
    *("account", "account name", "company", "company name", "organization", "organisation"),
    *("organization name", "organisation name", "customer account", "customer company", "org"),
    *("message author companies", "client", "client name", "customer", "workspace", "tenant"),
    *("employer", "firma", "unternehmen", "kunde", "organisationseinheit", "entreprise", "societe"),
    *("empresa", "cliente", "compania", "azienda", "societa", "bedrijf", "klant", "foretag"),
)
SEGMENT = _words(
    "plan, tier, subscription, subscription plan, edition, license, region, country, market, "
    "territory, segment, customer segment, industry, vertical, sector, role, job role, job title, "
    "persona, department, seniority, language, locale, user language, product, product line, "
    "product area, module, platform, os, operating system, device, channel, source, via, type, "
    "ticket type, issue type, category, priority, severity, status, cohort, company size, "
    "team size, size, employees, age, age group, gender, customer type, account tier, stage, "
    "tarif, land, sprache, rolle, abteilung, branche, produkt, kanal, kategorie, priorität, "
    "pays, langue, rôle, produit, canal, catégorie, priorité, país, idioma, rol, producto, "
    "categoría, prioridad, regione, paese, lingua, ruolo, prodotto, categoria, taal, rol, functie"
)
#: Columns about the vendor's own people and bookkeeping: kept with the record, never a segment.
INTERNAL = _words(
    "agent, assignee, assigned to, assignee name, assigned agent, owner, rep, sales rep, csm, "
    "account owner, account manager, resolver, project lead, creator, interviewer, moderator, "
    "label, labels, tags, tag, split, fivetran active, fivetran deleted, bearbeiter, zuständig, "
    "assigné à, asignado a, work ratio, votes, watchers"
)
REVENUE = re.compile(
    r"\b(arr|mrr|acv|tcv|revenue|annual value|contract value|annual contract|umsatz|"
    r"jahresumsatz|chiffre d affaires|ca annuel|ingresos|facturacion|fatturato|omzet)\b"
)
