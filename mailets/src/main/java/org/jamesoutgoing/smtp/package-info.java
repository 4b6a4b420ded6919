/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */

/**
 * An SMTP client on Netty: delivers one mail to one host and says, recipient by recipient, what became of it. It knows the
 * wire and nothing above it: no James, no JavaMail, no routes, no retries. It may use the JDK, Netty and slf4j.
 *
 * <p>Where to start: {@link org.jamesoutgoing.smtp.SmtpClient#deliver} and
 * {@link org.jamesoutgoing.smtp.RecipientResult}. Then, in the order in which a mail meets them:
 *
 * <ol>
 *   <li>{@code EnvelopeCheck}: what is not fit for the wire.
 *   <li>{@code ConnectionPool}: an idle connection, a new one, or waiting for a place.
 *   <li>{@code Connector}, {@code AddressRace}, {@code Handshake}: from the host's addresses to a session (RFC 8305, RFC 5321
 *       §3.1, RFC 3207, RFC 4954).
 *   <li>{@code Session}: one transaction after the other, the next one's envelope behind the last one's message.
 *   <li>{@code Transaction}: MAIL, RCPT, the message, and what comes of each recipient. "Host or mail?" is decided here.
 *   <li>{@code BodySender}, {@code ContentStream}, {@code ContentNormaliser}: the message, clean, no faster than the host
 *       takes it.
 *   <li>{@code Connection}, {@code ReplyParser}: the ordered pipeline of commands and replies underneath, and the limits
 *       on what arrives.
 * </ol>
 *
 * <p>Threads: a connection and everything that hangs on it is confined to one event loop; the pool has one short lock;
 * message sources and secrets are read, and results handed out, on the content executor.
 *
 * <p>Time: each reply has its time-out (RFC 5321 §4.5.3.2), each transaction and each opening of a connection a deadline,
 * waiting for a connection a limit. Memory: a connection holds at most one reply and a few chunks of 64 KB of one message.
 */
package org.jamesoutgoing.smtp;
