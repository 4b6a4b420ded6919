/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.mail.BodyPart;
import javax.mail.MessagingException;
import javax.mail.Multipart;
import javax.mail.Part;
import javax.mail.internet.MimeMessage;
import org.apache.james.webadmin.Constants;
import org.jamesoutgoing.admin.WaitingMail;
import org.jamesoutgoing.dsn.template.BadTemplateException;
import org.jamesoutgoing.dsn.template.Template;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.dsn.template.Templates;
import org.jamesoutgoing.service.TemplateRegistry;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/**
 * {@code /outgoing/templates/:name/preview}: the notification that would be sent, about a sample or a waiting mail, in the
 * words in use or in those of the body. Sends nothing. Thread-safe.
 */
final class TemplatePreviewResource {

    private static final String HTML = "text/html";
    private static final String MAIL = "mail";
    private static final List<String> OFFERED = List.of(Constants.RFC822_CONTENT_TYPE, TemplateResource.TEXT, HTML);

    /** What is shown was written by an administrator, and partly by strangers: it is looked at, and does nothing. */
    private static final String HARMLESS = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private final TemplateRegistry registry;
    private final ServiceChoice choice;

    TemplatePreviewResource(TemplateRegistry registry, ServiceChoice choice) {
        this.registry = registry;
        this.choice = choice;
    }

    /** In the words in use. */
    Object get(Request request, Response response)
            throws BadRequestException, BadTemplateException, MessagingException, IOException {
        return preview(request, response, "");
    }

    Object post(Request request, Response response)
            throws BadRequestException, BadTemplateException, MessagingException, IOException {
        return preview(request, response, RequestBody.text(request));
    }

    private Object preview(Request request, Response response, String unsaved)
            throws BadRequestException, BadTemplateException, MessagingException, IOException {
        TemplateName name = TemplateResource.name(request);
        String type = Accept.choose(request, OFFERED)
                .orElseThrow(() -> ErrorResponses.notAcceptable(
                        "A preview can be had as message/rfc822, text/plain or text/html"));
        Template template = template(name, unsaved);
        MimeMessage message = render(request, name, template);
        // Nothing before this may set headers: they would stay on an answer that tells of a problem.
        response.header("Vary", "Accept");
        response.header("X-Content-Type-Options", "nosniff");
        response.header("Content-Security-Policy", HARMLESS);
        if (type.equals(Constants.RFC822_CONTENT_TYPE)) {
            ByteArrayOutputStream octets = new ByteArrayOutputStream();
            message.writeTo(octets);
            response.type(type);
            return octets.toByteArray();
        }
        String text = words(message, type)
                .orElseThrow(() -> ErrorResponses.notAcceptable("The template " + name
                        + " has no HTML; it gets one by a line \"--- html ---\" with the HTML after it"));
        response.type(type + TemplateResource.UTF_8);
        return text;
    }

    /** That of the body, else the one in use. */
    private Template template(TemplateName name, String unsaved) throws BadTemplateException {
        if (!unsaved.isBlank()) {
            return Template.validate(unsaved);
        }
        return registry.wording()
                .templates()
                .find(name)
                .map(Templates.Chosen::template)
                .orElseThrow(() -> ErrorResponses.notFound(
                        "There is no template " + name + "; a POST with the text of one shows what it would give"));
    }

    private MimeMessage render(Request request, TemplateName name, Template template)
            throws BadRequestException, MessagingException {
        String idOrName = request.queryParams(MAIL);
        if (idOrName == null) {
            return rendered(() -> registry.preview(name, template));
        }
        if (idOrName.isBlank()) {
            throw new BadRequestException("'mail' is empty; allowed: the id or the name of a waiting mail");
        }
        Optional<WaitingMail> found = choice.of(Optional.ofNullable(request.queryParams(ServiceChoice.QUEUE)))
                .waitingMail(idOrName);
        try (WaitingMail mail =
                found.orElseThrow(() -> ErrorResponses.notFound("No mail '" + oneLine(idOrName) + "' is waiting"))) {
            if (!mail.hasSender()) {
                throw new BadRequestException("'mail' is '" + oneLine(idOrName)
                        + "', which came from <>, so that nobody is told of it; allowed: a mail with a sender");
            }
            return rendered(() -> registry.preview(name, template, mail));
        }
    }

    private interface Rendering {
        MimeMessage make() throws MessagingException;
    }

    private static MimeMessage rendered(Rendering rendering) throws BadRequestException, MessagingException {
        try {
            return rendering.make();
        } catch (RuntimeException e) {
            throw new BadRequestException(
                    "the template fails with this mail: " + oneLine(String.valueOf(e.getMessage())));
        }
    }

    /** The words of a {@code multipart/report}: its first part, or one of the alternatives there. */
    private static Optional<String> words(MimeMessage report, String type) throws MessagingException, IOException {
        return find(((Multipart) report.getContent()).getBodyPart(0), type);
    }

    private static Optional<String> find(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type)) {
            return Optional.of((String) part.getContent());
        }
        if (part.getContent() instanceof Multipart alternatives) {
            for (int i = 0; i < alternatives.getCount(); i++) {
                BodyPart alternative = alternatives.getBodyPart(i);
                Optional<String> found = find(alternative, type);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ");
    }
}
