/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
/**
 * Delivery status notifications (RFC 3464): who is told, and the message that tells it.
 *
 * <p>Start reading at {@link org.jamesoutgoing.dsn.DsnRules} (to whom, RFC 3461) and
 * {@link org.jamesoutgoing.dsn.DsnComposer} (what). A DSN has three parts, each made in one place:
 *
 * <ol>
 *   <li>the words for a person: templates ({@link org.jamesoutgoing.dsn.template}) make {@code RenderedText} out of
 *       {@code TemplateValues}; they can never reach the other two parts, and {@code TemplateHeader} lets them into three fields;
 *   <li>the fields for a program: {@code DeliveryStatus};
 *   <li>the original, its headers, or nothing: {@code ReturnedContent}, out of {@code OriginalMessage}.
 * </ol>
 *
 * <p>What arrives here was written by strangers: subjects, replies, addresses, whole messages. Two checks hold for all
 * of it: text becomes one harmless line in {@code SafeLine}, and nothing but printable US-ASCII gets past
 * {@code HeaderFields}. A broken original costs its return, never the notification.
 *
 * <p>Uses James's Mail API and JavaMail. Sends nothing and
 * knows neither queue nor SMTP: the caller sends, with the empty envelope sender (RFC 5321 §6.1). An address beyond
 * US-ASCII is told in the 7-bit form of RFC 6533 §3 (type {@code utf-8}, with escapes): James's spool carries no mail
 * that needs SMTPUTF8, so a {@code message/global-delivery-status} could not reach anybody through it.
 */
package org.jamesoutgoing.dsn;
