/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.mail.MessagingException;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import javax.mail.util.SharedByteArrayInputStream;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.Language;
import org.jamesoutgoing.dsn.template.RenderedText;
import org.jamesoutgoing.dsn.template.Template;
import org.jamesoutgoing.dsn.template.Wording;

/**
 * Makes the DSN: a {@code multipart/report} of words, delivery status and what is returned of the original (RFC 3464,
 * 6522). Reads the original, never changes it; fails only when the request is wrong or James cannot store the result,
 * never because of what stands in the original. Thread-safe.
 *
 * <p>No {@code Precedence}: it is in no standard, and {@code Auto-Submitted} with the empty envelope sender already
 * tells every responder to keep quiet (RFC 3834 §2), while {@code bulk} would let filters treat the notification so.
 */
public final class DsnComposer {
    /** RFC 2046 §5.1.1 allows 70 characters in a boundary. */
    private static final int LONGEST_ID = 50;

    /** Of several mails the last ones: mail programs cut long fields. */
    private static final int MOST_REFERENCES = 20;

    private static final Session SESSION = Session.getInstance(new Properties());

    private final Clock clock;
    private final Supplier<String> idSource;
    private final ReturnLimits limits;
    private final Wording wording;

    /**
     * @param clock gives the {@code Date}, and the zone in which all dates are written
     * @param idSource gives what makes each DSN unique: its message id, boundary and mail name; letters and digits
     */
    public DsnComposer(Clock clock, Supplier<String> idSource) {
        this(clock, idSource, ReturnLimits.DEFAULT);
    }

    /** @param limits how much of the original is returned */
    public DsnComposer(Clock clock, Supplier<String> idSource, ReturnLimits limits) {
        this(clock, idSource, limits, Wording.builtIn());
    }

    /** @param wording in which words it is told */
    public DsnComposer(Clock clock, Supplier<String> idSource, ReturnLimits limits, Wording wording) {
        this.clock = requireNonNull(clock, "clock");
        this.idSource = requireNonNull(idSource, "idSource");
        this.limits = requireNonNull(limits, "limits");
        this.wording = requireNonNull(wording, "wording");
    }

    /**
     * The message only; that it is sent from {@code <>} is the caller's care.
     *
     * @throws IllegalArgumentException when the original came from {@code <>} (RFC 5321 §6.1)
     */
    public MimeMessage compose(DsnRequest request) throws MessagingException {
        return compose(request, nextId());
    }

    /** For one DSN about several mails. */
    public MergedDsn merged() {
        return new MergedDsn(clock.getZone());
    }

    /**
     * A mail from {@code <>} to the sender of several mails, as {@link #composeMail(DsnRequest)} makes it.
     *
     * @throws IllegalArgumentException when there is no mail in it
     */
    public Mail composeMail(MergedDsn merged) throws MessagingException {
        String id = nextId();
        return mail(id, merged.sender(), compose(merged.mails(), id, this::words), merged.requireTls());
    }

    /**
     * A mail from {@code <>} to the original's sender, ready for {@code MailetContext.sendMail}. The caller disposes of
     * it.
     *
     * @throws IllegalArgumentException when the original came from {@code <>} (RFC 5321 §6.1)
     */
    public Mail composeMail(DsnRequest request) throws MessagingException {
        String id = nextId();
        return mail(id, senderOf(request), compose(request, id), RequireTls.isAskedFor(request.original()));
    }

    /**
     * The same, as an administrator prefers.
     *
     * @throws IllegalArgumentException when the original came from {@code <>} (RFC 5321 §6.1)
     */
    public Mail composeMail(DsnRequest request, DsnPreferences preferences) throws MessagingException {
        String id = nextId();
        return mail(
                id,
                senderOf(request),
                compose(request, id, mails -> preferences.words(mails, wording, words(mails))),
                RequireTls.isAskedFor(request.original()));
    }

    /**
     * The same for the postmaster, to whom only headers are returned, whatever the sender asked for.
     *
     * @throws IllegalArgumentException when the original came from {@code <>} (RFC 5321 §6.1)
     */
    public Mail composeCopy(DsnRequest request) throws MessagingException {
        String id = nextId();
        senderOf(request);
        DsnFacts facts = DsnFacts.of(request, ReturnLimits.HEADERS, clock.getZone());
        MailAddress postmaster = request.postmaster();
        return mail(
                id,
                postmaster,
                compose(List.of(facts), id, postmaster, mails -> copyOf(words(mails))),
                facts.asked().requireTls());
    }

    /** Told by its subject, in any language. */
    private static RenderedText copyOf(RenderedText words) {
        return new RenderedText(
                "[postmaster] " + words.subject(), words.from(), words.replyTo(), words.text(), words.html());
    }

    /** @param requireTls whether it needs the protection of the mail that it is about (RFC 8689 §5) */
    private Mail mail(String id, MailAddress recipient, MimeMessage message, boolean requireTls) {
        Mail dsn = MailImpl.builder()
                .name("dsn-" + id)
                .sender(MaybeSender.nullSender())
                .addRecipient(recipient)
                .lastUpdated(Date.from(clock.instant()))
                .mimeMessage(message)
                .build();
        if (requireTls) {
            RequireTls.ask(dsn);
        }
        return dsn;
    }

    /**
     * What {@link #compose(DsnRequest)} would give if this template were the one in use; for whoever writes it.
     *
     * @param language in which the template is written
     * @throws RuntimeException when the template fails
     */
    public MimeMessage preview(DsnRequest request, Template template, Language language) throws MessagingException {
        return compose(
                request,
                nextId(),
                mails -> template.fill(
                        TemplateValues.of(mails, wording.phrasebooks().in(language))));
    }

    private MimeMessage compose(DsnRequest request, String id) throws MessagingException {
        return compose(request, id, this::words);
    }

    private RenderedText words(List<DsnFacts> mails) {
        DsnFacts facts = mails.get(0);
        return wording.templates()
                .fill(
                        facts.request().kind(),
                        facts.languages(),
                        language ->
                                TemplateValues.of(mails, wording.phrasebooks().in(language)))
                .orElseGet(() -> FallbackText.of(mails));
    }

    private MimeMessage compose(DsnRequest request, String id, Function<List<DsnFacts>, RenderedText> source)
            throws MessagingException {
        senderOf(request);
        return compose(List.of(DsnFacts.of(request, limits, clock.getZone())), id, source);
    }

    private MimeMessage compose(List<DsnFacts> mails, String id, Function<List<DsnFacts>, RenderedText> source)
            throws MessagingException {
        return compose(mails, id, senderOf(mails.get(0).request()), source);
    }

    private MimeMessage compose(
            List<DsnFacts> mails, String id, MailAddress recipient, Function<List<DsnFacts>, RenderedText> source)
            throws MessagingException {
        DsnFacts facts = mails.get(0);
        RenderedText words = source.apply(mails);
        List<ReportPart> parts = new ArrayList<>(3);
        parts.add(words.html()
                .map(html -> ReportPart.alternative(words.text(), html, "Notification", id))
                .orElseGet(() -> ReportPart.text(words.text(), "Notification")));
        parts.add(DeliveryStatus.of(mails));
        // RFC 6522 §3: the third part may be missing. Of several mails it would have to be all of them.
        facts.returned().part().ifPresent(parts::add);
        byte[] message = Multipart.report(header(mails, recipient, words, id), id, parts);
        return new MimeMessage(SESSION, new SharedByteArrayInputStream(message));
    }

    private HeaderFields header(List<DsnFacts> mails, MailAddress recipient, RenderedText words, String id) {
        DsnFacts facts = mails.get(0);
        HeaderFields header = new HeaderFields(facts.zone())
                .add("Date", clock.instant())
                .add("From", TemplateHeader.from(words).orElseGet(() -> ourselves(facts)));
        TemplateHeader.replyTo(words).ifPresent(replyTo -> header.add("Reply-To", replyTo));
        // RFC 5322 §3.4: an empty group, for an address that only SMTPUTF8 could write.
        header.add("To", mailbox(recipient).orElse("undisclosed-recipients:;"))
                .add("Subject", TemplateHeader.subject(words))
                .add("Message-ID", "<" + id + "@" + facts.host() + ">");
        references(mails, header);
        // RFC 3834 §5: a DSN is auto-replied, whatever its kind.
        return header.add("Auto-Submitted", "auto-replied");
    }

    private static void references(List<DsnFacts> mails, HeaderFields header) {
        List<String> ids = mails.stream()
                .flatMap(mail -> mail.original().messageId().stream())
                .distinct()
                .toList();
        if (mails.size() == 1) {
            ids.forEach(id -> header.add("In-Reply-To", id));
        }
        if (!ids.isEmpty()) {
            header.add(
                    "References", String.join(" ", ids.subList(Math.max(0, ids.size() - MOST_REFERENCES), ids.size())));
        }
    }

    private static String ourselves(DsnFacts facts) {
        return "Mail Delivery System "
                + mailbox(facts.request().postmaster()).orElse("<postmaster@" + facts.host() + ">");
    }

    private static Optional<String> mailbox(MailAddress address) {
        return MaybeSender.of(address)
                .asOptional()
                .map(MailAddress::asString)
                .filter(text -> text.chars().allMatch(c -> c >= ' ' && c <= '~'))
                .map(text -> "<" + text + ">");
    }

    static MailAddress senderOf(DsnRequest request) {
        return request.original()
                .getMaybeSender()
                .asOptional()
                .orElseThrow(() -> new IllegalArgumentException("No DSN about a mail from <> (RFC 5321 §6.1)"));
    }

    private String nextId() {
        String id = idSource.get().replaceAll("[^A-Za-z0-9]", "");
        return id.isEmpty() ? "dsn" : id.substring(0, Math.min(id.length(), LONGEST_ID));
    }
}
