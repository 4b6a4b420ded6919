/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static org.jamesoutgoing.dsn.template.Variable.Scope.MAIL;
import static org.jamesoutgoing.dsn.template.Variable.Scope.RECIPIENT;
import static org.jamesoutgoing.dsn.template.Variable.Type.CONDITION;
import static org.jamesoutgoing.dsn.template.Variable.Type.LIST;
import static org.jamesoutgoing.dsn.template.Variable.Type.TEXT;

import java.util.List;
import java.util.Optional;

/**
 * What can stand between the braces of a template. {@link #TABLE} is the whole list, and the only one.
 *
 * @param name as it is written, <code>{{name}}</code>
 * @param scope where it has a value
 * @param type how it is used
 * @param meaning for the administrator who writes a template
 */
public record Variable(String name, Scope scope, Type type, String meaning) {
    public enum Scope {
        /** Everywhere. */
        MAIL,
        /** Between <code>{{#recipients}}</code> and <code>{{/recipients}}</code>. */
        RECIPIENT
    }

    public enum Type {
        /** One line of text, perhaps empty: <code>{{name}}</code>, or <code>{{#name}}…{{/name}}</code> if not empty. */
        TEXT,
        /** <code>{{#name}}…{{/name}}</code> if it is so, <code>{{^name}}…{{/name}}</code> if not. */
        CONDITION,
        /** <code>{{#name}}…{{/name}}</code> once for each. */
        LIST
    }

    static final String RECIPIENTS = "recipients";

    /**
     * All variables.
     *
     * <table>
     * <caption>Everywhere</caption>
     * <tr><td>host, postmaster</td><td>this mail server, and whom to ask</td></tr>
     * <tr><td>sender, messages, subject, written, messageId, size</td><td>the message</td></tr>
     * <tr><td>arrival, expiry, lifetime, attempts</td><td>its time in the queue</td></tr>
     * <tr><td>relayed, delivered, expanded</td><td>which success</td></tr>
     * <tr><td>recipients, several, count, more</td><td>about whom</td></tr>
     * <tr><td>messageAttached, headersAttached</td><td>what is attached</td></tr>
     * </table>
     *
     * <table>
     * <caption>For each recipient</caption>
     * <tr><td>address, about, originalRecipient</td><td>who</td></tr>
     * <tr><td>reason, advice, detail</td><td>why, and what to do</td></tr>
     * <tr><td>reply, server, status, attempts, lastAttempt</td><td>how it went</td></tr>
     * </table>
     */
    public static final List<Variable> TABLE = List.of(
            new Variable("host", MAIL, TEXT, "the name of this mail server"),
            new Variable("postmaster", MAIL, TEXT, "the address to write to for help"),
            new Variable(
                    "sender", MAIL, TEXT, "who sent the message (the envelope sender), and gets this notification"),
            new Variable(
                    "messages",
                    MAIL,
                    TEXT,
                    "the number of messages, empty when this is about one, as it nearly always is (see `dsnLimit`)"),
            new Variable("subject", MAIL, TEXT, "the subject of the message, empty for several messages"),
            new Variable(
                    "written",
                    MAIL,
                    TEXT,
                    "the `Date` of the message, as its sender wrote it; empty for several messages"),
            new Variable(
                    "messageId",
                    MAIL,
                    TEXT,
                    "the `Message-ID` of the message, with its angle brackets; empty for several messages"),
            new Variable("size", MAIL, TEXT, "the size of the message, such as `12 KB`; empty for several messages"),
            new Variable("arrival", MAIL, TEXT, "when the message arrived here, or the first of several messages"),
            new Variable("expiry", MAIL, TEXT, "when we give up (or gave up), if that is known"),
            new Variable(
                    "lifetime", MAIL, TEXT, "how long a message may wait here, such as `5 days`, if that is known"),
            new Variable("attempts", MAIL, TEXT, "how often delivery was tried, if that is known"),
            new Variable("relayed", MAIL, CONDITION, "success: the next server took the message and tells no more"),
            new Variable("delivered", MAIL, CONDITION, "success: the message is in the recipients' mailboxes"),
            new Variable("expanded", MAIL, CONDITION, "success: the message was passed on to several others"),
            new Variable(RECIPIENTS, MAIL, LIST, "the recipients; very long lists are cut, see `more`"),
            new Variable("several", MAIL, CONDITION, "this is about more than one recipient"),
            new Variable("count", MAIL, TEXT, "the number of recipients"),
            new Variable("more", MAIL, TEXT, "how many recipients are not in the list, empty when all are"),
            new Variable("messageAttached", MAIL, CONDITION, "the whole message is attached"),
            new Variable("headersAttached", MAIL, CONDITION, "only the headers of the message are attached"),
            new Variable("address", RECIPIENT, TEXT, "the recipient's address"),
            new Variable(
                    "about",
                    RECIPIENT,
                    TEXT,
                    "the subject of the message for this recipient, when this is about several messages; else empty"),
            new Variable(
                    "originalRecipient", RECIPIENT, TEXT, "the address the sender wrote to, empty when it is the same"),
            new Variable("reason", RECIPIENT, TEXT, "what went wrong, in plain language"),
            new Variable("advice", RECIPIENT, TEXT, "what the sender can do about it"),
            new Variable("detail", RECIPIENT, TEXT, "what went wrong, in our own technical words, in English"),
            new Variable("reply", RECIPIENT, TEXT, "what the other server answered, if it did"),
            new Variable("server", RECIPIENT, TEXT, "the other server: its name and address, if there was one"),
            new Variable("status", RECIPIENT, TEXT, "the status code (RFC 3463), such as `5.1.1`"),
            new Variable(
                    "attempts", RECIPIENT, TEXT, "how often delivery to this recipient was tried, if that is known"),
            new Variable("lastAttempt", RECIPIENT, TEXT, "when delivery was last tried"));

    static Optional<Variable> find(String name, Scope scope) {
        return TABLE.stream()
                .filter(variable -> variable.name.equals(name) && variable.scope == scope)
                .findFirst();
    }

    /** Also the variables of the mail have their values in the list of recipients. */
    static Optional<Variable> visible(String name, Scope scope) {
        return find(name, scope).or(() -> find(name, Scope.MAIL));
    }
}
