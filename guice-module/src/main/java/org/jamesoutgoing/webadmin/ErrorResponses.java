/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import org.apache.james.webadmin.utils.ErrorResponder;
import org.apache.james.webadmin.utils.ErrorResponder.ErrorType;
import org.eclipse.jetty.http.HttpStatus;
import org.jamesoutgoing.dsn.template.BadTemplateException;
import org.jamesoutgoing.routing.BadRouteException;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.store.ChangedMeanwhileException;
import org.jamesoutgoing.store.UnusableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spark.HaltException;
import spark.Route;

/** What went wrong, in James's JSON for errors: one line each, without a secret and without a stack trace. */
final class ErrorResponses {

    private static final Logger LOGGER = LoggerFactory.getLogger(ErrorResponses.class);

    /** A request that cannot be understood. Its message is one line that says what is allowed. */
    static final class BadRequestException extends Exception {
        private static final long serialVersionUID = 1;

        BadRequestException(String message) {
            super(message);
        }
    }

    private ErrorResponses() {}

    /** {@code route}, whose exceptions become answers. */
    static Route answering(Route route) {
        return (request, response) -> {
            try {
                return route.handle(request, response);
            } catch (BadRequestException e) {
                throw halt(HttpStatus.BAD_REQUEST_400, ErrorType.INVALID_ARGUMENT, "Bad request", e);
            } catch (OptionException e) {
                throw halt(HttpStatus.BAD_REQUEST_400, ErrorType.INVALID_ARGUMENT, "Bad '" + e.option() + "'", e);
            } catch (BadRouteException e) {
                throw halt(HttpStatus.BAD_REQUEST_400, ErrorType.INVALID_ARGUMENT, "Bad '" + e.option() + "'", e);
            } catch (BadTemplateException e) {
                throw halt(HttpStatus.BAD_REQUEST_400, ErrorType.INVALID_ARGUMENT, "Bad template", e);
            } catch (ChangedMeanwhileException e) {
                throw halt(HttpStatus.PRECONDITION_FAILED_412, ErrorType.WRONG_STATE, "Changed meanwhile", e);
            } catch (UnusableException e) {
                LOGGER.error("a request cannot be answered: {}", e.getMessage());
                throw halt(
                        HttpStatus.SERVICE_UNAVAILABLE_503,
                        ErrorType.SERVER_ERROR,
                        "The store cannot be used; nothing has changed",
                        e);
            }
        };
    }

    static HaltException notFound(String message) {
        return ErrorResponder.builder()
                .statusCode(HttpStatus.NOT_FOUND_404)
                .type(ErrorType.NOT_FOUND)
                .message(message)
                .haltError();
    }

    /** It cannot be had in any of the forms that the request takes. */
    static HaltException notAcceptable(String message) {
        return ErrorResponder.builder()
                .statusCode(HttpStatus.NOT_ACCEPTABLE_406)
                .type(ErrorType.INVALID_ARGUMENT)
                .message(message)
                .haltError();
    }

    /** It is not done for whoever asks, whatever he asks for. */
    static HaltException forbidden(String details) {
        return ErrorResponder.builder()
                .statusCode(HttpStatus.FORBIDDEN_403)
                .type(ErrorType.WRONG_STATE)
                .message("Refused")
                .cause(new BadRequestException(details))
                .haltError();
    }

    /** There is nothing to ask. */
    static HaltException wrongState(String message) {
        return ErrorResponder.builder()
                .statusCode(HttpStatus.CONFLICT_409)
                .type(ErrorType.WRONG_STATE)
                .message(message)
                .haltError();
    }

    private static HaltException halt(int status, ErrorType type, String message, Exception cause) {
        return ErrorResponder.builder()
                .statusCode(status)
                .type(type)
                .message(message)
                .cause(cause)
                .haltError();
    }
}
